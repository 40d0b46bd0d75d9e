const JSON_TYPE = 'application/json';
const RESPONSE_TYPE = 'application/graphql-response+json';
const HTML_TYPE = 'text/html';

/**
 * The media type in which to answer, `application/json` where the caller leaves it open or wants
 * neither (RFC 9110, section 12.5.1; GraphQL over HTTP, "Media Types"). Apollo Server chooses alike.
 */
export function mediaTypeFor(accept: string | undefined): string {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const json = preferenceFor(JSON_TYPE, ranges);
  const response = preferenceFor(RESPONSE_TYPE, ranges);
  const chosen = comparePreferences(response, json) > 0 ? RESPONSE_TYPE : JSON_TYPE;
  return `${chosen}; charset=utf-8`;
}

/** Whether the caller would rather have a page than an answer in JSON, as browsers that go to one do. */
export function prefersHtml(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const html = preferenceFor(HTML_TYPE, ranges);
  const others = [JSON_TYPE, RESPONSE_TYPE].map((type) => preferenceFor(type, ranges));
  return html.quality > 0 && others.every((other) => comparePreferences(html, other) > 0);
}

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

interface Preference {
  readonly quality: number;
  /** 2 for the type itself, 1 for the likes of `application/*`, 0 otherwise. */
  readonly specificity: number;
  /** Its place in the header. */
  readonly place: number;
}

function parseRange(range: string): MediaRange {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const parsed = quality === undefined ? 1 : Number(quality);
  return { type, quality: parsed >= 0 && parsed <= 1 ? parsed : 0 };
}

/** The most specific range that fits decides. */
function preferenceFor(type: string, ranges: readonly MediaRange[]): Preference {
  const group = `${type.split('/', 1)[0]}/*`;
  for (const [index, candidate] of [type, group, '*/*'].entries()) {
    const place = ranges.findIndex((range) => range.type === candidate);
    const quality = ranges[place]?.quality;
    if (quality !== undefined) return { quality, specificity: 2 - index, place };
  }
  return { quality: 0, specificity: 0, place: 0 };
}

function comparePreferences(left: Preference, right: Preference): number {
  return (
    left.quality - right.quality || left.specificity - right.specificity || right.place - left.place
  );
}
