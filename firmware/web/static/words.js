// The words in use: W.HOUR.title is the entry `title` of the group HOUR of words/<language>/*.js.
//
// Groups are there once their file is loaded: W is read in functions, not while a module is loaded.

export const W = {};
let language = "en";

export const languageInUse = () => language;

export function useLanguage(name) {
  language = name;
}

// Loads the words of one page, or "shared". The build puts the served file's name into import().
export async function loadWords(page) {
  Object.assign(W, await import(`./words/${language}/${page}.js`));
}

// The settings' texts. English ones are the reader's; they are shown too if these do not come.
export async function loadTexts() {
  delete W.SETTING;
  if (language !== "en") await loadWords("texts").catch(() => null);
}
