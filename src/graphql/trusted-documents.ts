import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type GraphQLSchema, getOperationAST, parse, specifiedRules, validate } from 'graphql';
import type { Limits } from '../config.js';
import { StartError } from '../start-error.js';
import { operationRules } from './operation-rules.js';

/** The operations that clients may send, by the SHA-256 of their text, in hexadecimal. */
export interface TrustedDocuments {
  /** The text of that hash. */
  get(sha256: string): string | undefined;
  has(text: string): boolean;
}

export interface TrustedDocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
}

/** Thrown at start with everything that is wrong with the manifests. */
class TrustedDocumentsError extends StartError {
  constructor(faults: readonly string[]) {
    const lines = faults.map((fault) => `  ${fault}`);
    super(
      `The manifests of TRUSTED_DOCUMENTS do not fit:\n${lines.join('\n')}\n` +
        'Generate them anew from the schema of this version, or deploy the version that they are for.',
    );
  }
}

interface Entry {
  readonly file: string;
  readonly id: string;
  readonly text: string;
}

/** As the appendix "Persisted Documents" of GraphQL over HTTP has it; some tools leave out the prefix. */
const PREFIX = 'sha256:';
const LONGEST_TEXT = 60;

/**
 * Reads manifests: JSON objects with the text of each operation by its SHA-256, such as graphql-codegen's client
 * preset writes. Undefined without any.
 * @throws TrustedDocumentsError that names every entry whose text is another than its hash says, and every operation
 *   that the schema or a limit would refuse.
 */
export async function readTrustedDocuments(
  files: readonly string[],
  options: TrustedDocumentsOptions,
): Promise<TrustedDocuments | undefined> {
  if (files.length === 0) return undefined;
  const faults: string[] = [];
  const byHash = new Map<string, string>();
  for (const file of files) {
    const entries = await entriesOf(file).catch((error: unknown) => {
      faults.push(`${file}: ${error instanceof Error ? error.message : error}`);
      return [];
    });
    for (const entry of entries) {
      const fault = faultOf(entry, options);
      if (fault === undefined) byHash.set(documentHash(entry.text), entry.text);
      else faults.push(`${file}: ${fault}`);
    }
  }
  if (faults.length > 0) throw new TrustedDocumentsError(faults);
  return {
    get: (sha256) => byHash.get(sha256),
    has: (text) => byHash.has(documentHash(text)),
  };
}

async function entriesOf(file: string): Promise<Entry[]> {
  const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest))
    throw new Error('is no JSON object of texts by their SHA-256');
  const entries = Object.entries(manifest).map(([id, text]: [string, unknown]) => {
    if (typeof text !== 'string') throw new Error(`${id} is no text`);
    return { file, id, text };
  });
  if (entries.length === 0) throw new Error('has no operation');
  return entries;
}

function faultOf(
  { id, text }: Entry,
  { schema, limits }: TrustedDocumentsOptions,
): string | undefined {
  const hash = documentHash(text);
  if (id.replace(PREFIX, '') !== hash)
    return `${id} is not the SHA-256 of its text, which is ${hash}`;
  try {
    const document = parse(text, { maxTokens: limits.tokens });
    const name = getOperationAST(document)?.name?.value ?? shortened(text);
    const [error] = validate(schema, document, [...specifiedRules, ...operationRules(limits)], {
      maxErrors: 1,
    });
    return error && `${name}: ${error.message}`;
  } catch (error) {
    return `${shortened(text)}: ${error instanceof Error ? error.message : error}`;
  }
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}...` : line;
}

/** By which a document is known: its SHA-256, in hexadecimal. */
export function documentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
