"""The AES block cipher as the board gives it: cryptolib's, or for CPython one with its surface."""

try:
    import cryptolib

    def aes(key):
        return cryptolib.aes(key, 1)

except ImportError:
    import builtins

    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    builtins.ptr32 = lambda buffer: buffer  # viper's type for an array of words

    class aes:
        def __init__(self, key):
            self._ecb = Cipher(algorithms.AES(key), modes.ECB()).encryptor()

        def encrypt(self, octets, out):
            out[:] = self._ecb.update(bytes(octets))
