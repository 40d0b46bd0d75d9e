import { fromRoot } from '../stage/root.js';
import type { Sampled } from './samples.js';

/** Where code is from: a package, a folder of ours, Node, or what V8 itself does. */
export function placeOf({ url, functionName }: Sampled): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'V8 and C++';
  if (url.startsWith('node:'))
    return `Node: ${
      url
        .slice('node:'.length)
        .replace(/^internal\//, '')
        .split('/')[0]
    }`;
  const path = pathOf(url);
  const packaged =
    /^node_modules\/((?:@[^/]+\/)?[^/]+)\/(?:.*node_modules\/((?:@[^/]+\/)?[^/]+))?/.exec(path);
  if (packaged !== null) return packaged[2] ?? packaged[1] ?? path;
  const [, folder] = /^dist\/(src\/[^/]+)\//.exec(path) ?? [];
  return folder ?? path.replace(/^dist\//, '');
}

/** A function as `name (file:line)`. */
export function functionOf({ url, functionName, line }: Sampled): string {
  const file = url.startsWith('node:') ? url : pathOf(url);
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === ''
    ? name
    : `${name} (${file.replace(/^node_modules\//, '').replace(/^dist\//, '')}:${line})`;
}

const ROOT = `file://${fromRoot('')}`;

function pathOf(url: string): string {
  return url.startsWith(ROOT) ? url.slice(ROOT.length) : url;
}
