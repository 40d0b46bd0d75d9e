/** What a browser shows: a page, or where it was sent that is none of the local pool's. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** A browser without script: keeps cookies, follows redirects within the local pool, and sends forms. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** One request, whose redirect is not followed. */
  async request(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(address, this.#endpoint), {
      ...init,
      headers: { ...init.headers, ...(cookie && { cookie }) },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  async open(address: string, init?: RequestInit): Promise<Shown> {
    const response = await this.request(address, init);
    const isRedirect = response.status >= 300 && response.status < 400;
    const location = isRedirect ? response.headers.get('location') : null;
    const { status, headers } = response;
    if (location === null)
      return {
        url: new URL(address, this.#endpoint).href,
        status,
        headers,
        html: await response.text(),
      };
    if (URL.canParse(location)) return { url: location, status, headers, html: '' };
    return this.open(location);
  }

  /** Sends the form of a page, or by another address of its buttons. */
  async submit(
    { html, url }: Shown,
    values: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Shown> {
    const { action, fields } = formOf(html);
    return this.open(new URL(action, url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, ...values }),
      headers: { origin: new URL(this.#endpoint).origin, ...headers },
    });
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Where a page's form goes, and what it begins with. */
export function formOf(html: string) {
  const [, action = ''] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
  const inputs = [...html.matchAll(/<input([^>]*)>/g)].map(([, attributes = '']) => attributes);
  const fields = inputs.map((input) => [attribute(input, 'name'), attribute(input, 'value')]);
  return { action: text(action), fields: Object.fromEntries(fields) as Record<string, string> };
}

function attribute(element: string, name: string): string {
  return text(new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1] ?? '');
}

const CHARACTERS: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  amp: '&',
};

/** Markup as the text that it shows. */
export function text(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|amp);/g, (_entity, name: string) => CHARACTERS[name] ?? '');
}

/** What an alert of a page says. */
export function alertOf({ html }: Shown): string {
  return text(/role="alert"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? '');
}

export function noticeOf({ html }: Shown): string {
  return text(/role="status"[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? '');
}

export function titleOf({ html }: Shown): string {
  return text(/<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? '');
}
