import { useEffect, useState } from 'react';

/** How long a token still lasts. Not announced: it changes every second. */
export function Countdown({ end }: { readonly end: string }) {
  const left = Math.ceil((Date.parse(end) - useNow()) / 1000);
  const until = new Date(end).toLocaleTimeString();
  return (
    <span role="timer" aria-label="Token expires in" title={`Until ${until}`} className="bar-timer">
      {left > 0 ? `expires in ${duration(left)}` : 'expired'}
    </span>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function duration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part) => String(part).padStart(2, '0')).join(':');
}
