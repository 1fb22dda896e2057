// Heap statistics of the stand-in, and memory outside of its heap. MIT licence.
//
// With STANDIN_STATS=FILE in the environment each of two signals appends a line of JSON to FILE:
//   SIGUSR1  the figures of the last collection, at once and without access to the heap
//   SIGUSR2  collects at the next allocation, then the same line
//
// Figures in octets, from the collector's table of blocks of 16:
//   live           in use at the end of the last collection
//   largest_free   the longest run of free blocks at that time
//   high_water     the greatest live at the end of any collection
//   least_free     the smallest largest_free at the end of any collection
//   most_used      the greatest use at the start of any collection, garbage included
//   total          all blocks of the heap
//   collections    number of collections
//   refused        number of failed allocations: most become a MemoryError
//
// The linker sends calls of gc_alloc, gc_realloc and gc_collect here (--wrap): the interpreter's
// sources are unchanged.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "py/gc.h"
#include "py/obj.h"
#include "py/objarray.h"
#include "py/runtime.h"

static const char *stats_path;
static volatile sig_atomic_t collect_asked;
static size_t live, largest_free, high_water, least_free, most_used, total, collections, refused;

static void put_text(char *line, size_t *at, const char *text) {
    while (*text) {
        line[(*at)++] = *text++;
    }
}

static void put_number(char *line, size_t *at, size_t value) {
    char digits[12];
    size_t n = 0;
    do {
        digits[n++] = '0' + value % 10;
        value /= 10;
    } while (value);
    while (n) {
        line[(*at)++] = digits[--n];
    }
}

// Runs in a signal handler: async-signal-safe calls only.
static void report(void) {
    static const char *const names[] = {
        "{\"live\": ", ", \"largest_free\": ", ", \"high_water\": ", ", \"least_free\": ",
        ", \"most_used\": ", ", \"total\": ", ", \"collections\": ", ", \"refused\": ",
    };
    const size_t values[] = {
        live, largest_free, high_water, least_free, most_used, total, collections, refused,
    };
    char line[320];
    size_t at = 0;
    for (size_t i = 0; i < MP_ARRAY_SIZE(values); i++) {
        put_text(line, &at, names[i]);
        put_number(line, &at, values[i]);
    }
    put_text(line, &at, "}\n");
    int fd = open(stats_path, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (fd >= 0) {
        ssize_t written = write(fd, line, at);
        (void)written;
        close(fd);
    }
}

static void on_signal(int number) {
    int kept = errno;
    if (number == SIGUSR1) {
        report();
    } else {
        collect_asked = 1;
    }
    errno = kept;
}

__attribute__((constructor)) static void listen_to_signals(void) {
    stats_path = getenv("STANDIN_STATS");
    if (stats_path == NULL) {
        return;
    }
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
}

void __real_gc_collect(void);
void *__real_gc_alloc(size_t n_bytes, unsigned int flags);
void *__real_gc_realloc(void *ptr, size_t n_bytes, bool allow_move);
void __wrap_gc_collect(void);
void *__wrap_gc_alloc(size_t n_bytes, unsigned int flags);
void *__wrap_gc_realloc(void *ptr, size_t n_bytes, bool allow_move);

void __wrap_gc_collect(void) {
    gc_info_t info;
    gc_info(&info);
    most_used = MAX(most_used, info.used);
    __real_gc_collect();
    gc_info(&info);
    live = info.used;
    largest_free = info.max_free * MICROPY_BYTES_PER_GC_BLOCK;
    total = info.used + info.free;
    high_water = MAX(high_water, live);
    least_free = collections ? MIN(least_free, largest_free) : largest_free;
    collections++;
}

void *__wrap_gc_alloc(size_t n_bytes, unsigned int flags) {
    if (collect_asked && !gc_is_locked()) {
        collect_asked = 0;
        gc_collect();
        report();
    }
    void *made = __real_gc_alloc(n_bytes, flags);
    refused += made == NULL && n_bytes != 0;
    return made;
}

void *__wrap_gc_realloc(void *ptr, size_t n_bytes, bool allow_move) {
    void *made = __real_gc_realloc(ptr, n_bytes, allow_move);
    refused += made == NULL && n_bytes != 0 && allow_move;
    return made;
}

// buffer(n) -> bytearray: n octets outside of the heap, like a chip's driver buffers.
static mp_obj_t standin_buffer(mp_obj_t size) {
    size_t n = mp_obj_get_int(size);
    void *octets = calloc(n, 1);
    if (octets == NULL) {
        m_malloc_fail(n);
    }
    return mp_obj_new_bytearray_by_ref(n, octets);
}
static MP_DEFINE_CONST_FUN_OBJ_1(standin_buffer_obj, standin_buffer);

// largest() -> int: octets of the longest run of free blocks at present.
static mp_obj_t standin_largest(void) {
    gc_info_t info;
    gc_info(&info);
    return MP_OBJ_NEW_SMALL_INT(info.max_free * MICROPY_BYTES_PER_GC_BLOCK);
}
static MP_DEFINE_CONST_FUN_OBJ_0(standin_largest_obj, standin_largest);

static const mp_rom_map_elem_t standin_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_standin) },
    { MP_ROM_QSTR(MP_QSTR_buffer), MP_ROM_PTR(&standin_buffer_obj) },
    { MP_ROM_QSTR(MP_QSTR_largest), MP_ROM_PTR(&standin_largest_obj) },
};
static MP_DEFINE_CONST_DICT(standin_globals, standin_globals_table);

const mp_obj_module_t standin_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&standin_globals,
};
MP_REGISTER_MODULE(MP_QSTR_standin, standin_module);
