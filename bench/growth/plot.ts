/** A line of a plot, by its points. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const WIDTH = 620;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = 12;
const TOP = 40;
const BOTTOM = 48;
/** Room at the right for the legend. */
const LEGEND = 190;

/** Told apart by the colour-blind too (Okabe and Ito); each series also has a mark of its own. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Lines over a logarithmic axis of what grows, from zero up, as SVG that needs nothing else. */
export function svgOf({ title, x, y, series }: Plot): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort(
    (a, b) => a - b,
  );
  const top = niceTop(Math.max(...series.flatMap(({ points }) => points.map(([, at]) => at))));
  const placeX = scale(
    [Math.log(xs[0] ?? 1), Math.log(xs.at(-1) ?? 10)],
    [LEFT, WIDTH - RIGHT - LEGEND],
  );
  const placeY = scale([0, top], [HEIGHT - BOTTOM, TOP]);
  const at = ([px, py]: readonly [number, number]) => [placeX(Math.log(px)), placeY(py)] as const;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">
<title>${escaped(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="22" font-size="14" font-weight="bold">${escaped(title)}</text>
${ticksOf(top)
  .map((tick) => horizontal(placeY(tick), label(tick)))
  .join('\n')}
${xs.map((tick) => vertical(placeX(Math.log(tick)), label(tick))).join('\n')}
<text x="${(LEFT + WIDTH - RIGHT - LEGEND) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(x)}</text>
<text transform="translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>
${series.map((of, index) => lineOf(of, index, at)).join('\n')}
</svg>
`;
}

function lineOf(
  { name, points }: Series,
  index: number,
  at: (point: readonly [number, number]) => readonly [number, number],
): string {
  const colour = COLOURS[index % COLOURS.length] ?? '#000';
  const placed = points.map(at);
  const path = placed.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  const keyX = WIDTH - RIGHT - LEGEND + 16;
  const keyY = TOP + 10 + index * 20;
  return `<g fill="${colour}" stroke="${colour}">
<polyline points="${path}" fill="none" stroke-width="2"/>
${[...placed, [keyX + 11, keyY - 4] as const].map((point) => mark(index, point)).join('')}
<line x1="${keyX}" y1="${keyY - 4}" x2="${keyX + 22}" y2="${keyY - 4}" stroke-width="2"/>
<text x="${keyX + 30}" y="${keyY}" fill="#222" stroke="none">${escaped(name)}</text>
</g>`;
}

/** A circle, a square or a triangle. */
function mark(index: number, [x, y]: readonly [number, number]): string {
  const [cx, cy] = [x.toFixed(1), y.toFixed(1)];
  if (index % 3 === 0) return `<circle cx="${cx}" cy="${cy}" r="3.5"/>`;
  if (index % 3 === 1)
    return `<rect x="${(x - 3).toFixed(1)}" y="${(y - 3).toFixed(1)}" width="6" height="6"/>`;
  return `<path d="M${cx} ${(y - 4).toFixed(1)}l4 7h-8z"/>`;
}

function horizontal(y: number, text: string): string {
  return `<line x1="${LEFT}" x2="${WIDTH - RIGHT - LEGEND}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${(y + 4).toFixed(1)}" text-anchor="end">${text}</text>`;
}

function vertical(x: number, text: string): string {
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 5}" stroke="#222"/><text x="${x.toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${text}</text>`;
}

function scale([from, to]: readonly [number, number], [low, high]: readonly [number, number]) {
  const span = to === from ? 1 : to - from;
  return (value: number) => low + ((value - from) / span) * (high - low);
}

/** 1, 2 or 5 times a power of ten: at most five of them reach the top. */
function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 5 || 1));
  return power * ([1, 2, 5, 10].find((times) => times * power * 5 >= most) ?? 10);
}

function niceTop(most: number): number {
  const step = stepOf(most);
  return Math.ceil(most / step) * step;
}

function ticksOf(top: number): number[] {
  const step = stepOf(top);
  return Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
}

function label(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
