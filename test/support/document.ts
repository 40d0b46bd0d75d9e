import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** What stands after the language, which no reader sees, such as the path of a file. */
  readonly about: string;
  readonly code: string;
  /** The text between the block before and this one. */
  readonly prose: string;
  /** In the page, from 1. */
  readonly line: number;
}

const FENCED = /^```(\w+)(?: (.*))?\n([\s\S]*?)^```$/gm;

/** A page of the documentation, for tests that hold it to what it says. */
export class Document {
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];

  private constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.blocks = [...blocksOf(text)];
  }

  /** @param path from the root of the project */
  static async read(path: string): Promise<Document> {
    return new Document(path, await readFile(join(ROOT, path), 'utf8'));
  }

  /** The one block in a language. @throws Error where there is none */
  only(language: string): string {
    const [found, ...more] = this.blocks.filter((block) => block.language === language);
    if (found === undefined || more.length > 0)
      throw new Error(`${this.path} has not one block of ${language}.`);
    return found.code;
  }

  /** The pieces of code in a language that stand in none of the files; an empty line ends a piece. */
  async strangeTo(language: string, ...files: readonly string[]): Promise<readonly string[]> {
    const sources = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')));
    const words = sources.map(wordsOf);
    return this.blocks
      .filter((block) => block.language === language)
      .flatMap(({ code }) => code.split(/\n{2,}/))
      .filter((code) => !words.some((source) => source.includes(wordsOf(code))));
  }
}

/** Code by its words: how it is broken into lines and indented is left to the page. */
export function wordsOf(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}

function* blocksOf(text: string): Generator<Block> {
  let end = 0;
  for (const match of text.matchAll(FENCED)) {
    const [whole, language = '', about = '', code = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    yield { language, about, code, prose: text.slice(end, match.index), line };
    end = match.index + whole.length;
  }
}
