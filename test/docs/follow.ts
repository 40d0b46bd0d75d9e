import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Block, type Document, wordsOf } from '../support/document.js';
import { answered, answerPattern } from './answer.js';
import { type Place, Terminal } from './terminal.js';

export interface Scene extends Place {
  /** What the page calls otherwise than it is here, such as ports: `[on the page, here]`. */
  readonly names: readonly (readonly [string, string])[];
  /** Commands that have been done. */
  readonly done: readonly string[];
}

const ANSWERS = ['json', 'text', 'diff'];
const TERMINAL = /^terminal=(\d)$/;

/**
 * Does what a page tells its readers to do, block by block, and compares what it shows with what comes.
 *
 * - `sh` is typed into the first terminal and has to end well; `sh terminal=2` goes on in another one until
 *   the page says Ctrl-C. What is shown next, as `json`, `text` or `diff`, is the answer.
 * - `diff path` is an edit of that file, `ts new path` a file to make; any other block with a path is in
 *   that file by now. `sh by-hand` costs too much to be done each time, as the page says.
 */
export class Follower {
  readonly #scene: Scene;
  readonly #terminals = new Map<string, Terminal>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** The blocks of some lines of the page, `to` excluded. */
  async follow(
    { blocks, path }: Document,
    { from = 0, to = Number.POSITIVE_INFINITY }: { from?: number; to?: number },
  ): Promise<void> {
    for (const [index, block] of blocks.entries()) {
      if (block.line < from || block.line >= to) continue;
      const next = blocks[index + 1];
      const answer = next !== undefined && isAnswer(next) ? next : undefined;
      if (isAnswer(block) && !blocks[index - 1]?.language.startsWith('sh'))
        throw new Error(`${path}:${block.line} answers nothing.`);
      await this.#step(block, answer).catch((error: unknown) => {
        throw new Error(`${path}:${block.line}: ${String(error)}`, { cause: error });
      });
    }
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    for (const terminal of this.#terminals.values()) await terminal.interrupt('SIGKILL');
  }

  async #step(block: Block, answer: Block | undefined): Promise<void> {
    if (/\bCtrl-C\b/.test(block.prose)) await this.#interrupt();
    if (isAnswer(block)) return;
    const { language, about, code } = block;
    if (about === 'by-hand') return;
    if (language === 'sh') return this.#type(block, answer);
    if (about === '') throw new Error(`A block of ${language} that is of no file.`);
    if (language === 'diff') return this.#edit(about, code);
    if (about.startsWith('new ')) return this.#make(about.slice('new '.length), code);
    const source = await readFile(this.#file(about), 'utf8');
    if (!wordsOf(source).includes(wordsOf(code))) throw new Error(`${about} has no:\n${code}`);
  }

  async #type({ about, code }: Block, answer: Block | undefined): Promise<void> {
    if (this.#scene.done.includes(code.trim())) return;
    const [, name] = TERMINAL.exec(about) ?? [];
    const terminal = this.#terminal(name ?? '1');
    const { language, code: shown } = answer ?? { language: 'text', code: '…' };
    const pattern = answerPattern(language, shown);
    if (name !== undefined) {
      await terminal.begin(this.#here(code));
      const { source } = answerPattern(language, this.#here(shown));
      return terminal.says(new RegExp(source.slice(1, -1)));
    }
    const said = answered(language, this.#onPage(await terminal.run(this.#here(code))));
    if (!pattern.test(said)) throw new Error(`The answer is:\n${said}\ninstead of:\n${shown}`);
  }

  async #edit(path: string, code: string): Promise<void> {
    const lines = code.trimEnd().split('\n');
    const [before, after] = ['+', '-'].map((other) =>
      lines
        .filter((line) => !line.startsWith(other))
        .map((line) => `${line.slice(1)}\n`)
        .join(''),
    );
    const source = await readFile(this.#file(path), 'utf8');
    const [head = '', tail, ...more] = source.split(before ?? '');
    if (tail === undefined || more.length > 0)
      throw new Error(`${path} has this not once, but ${more.length} times more:\n${before}`);
    await writeFile(this.#file(path), head + after + tail);
  }

  async #make(path: string, code: string): Promise<void> {
    await mkdir(dirname(this.#file(path)), { recursive: true });
    await writeFile(this.#file(path), code, { flag: 'wx' });
  }

  async #interrupt(): Promise<void> {
    const others = [...this.#terminals].filter(([name]) => name !== '1');
    await Promise.all(others.map(([, terminal]) => terminal.interrupt()));
  }

  #terminal(name: string): Terminal {
    const terminal = this.#terminals.get(name) ?? new Terminal(this.#scene);
    this.#terminals.set(name, terminal);
    return terminal;
  }

  #file(path: string): string {
    return join(this.#scene.folder, path);
  }

  #here(text: string): string {
    return renamed(text, this.#scene.names);
  }

  #onPage(text: string): string {
    return renamed(
      text,
      this.#scene.names.map(([page, here]) => [here, page]),
    );
  }
}

function isAnswer({ language, about }: Block): boolean {
  return ANSWERS.includes(language) && about === '';
}

/** In one go: what stands for one name may contain another. */
function renamed(text: string, names: Scene['names']): string {
  const others = new Map(names);
  const any = new RegExp(`\\b(?:${[...others.keys()].join('|')})\\b`, 'g');
  return text.replace(any, (name) => others.get(name) ?? name);
}
