import { useState } from 'react';

interface AvatarProps {
  readonly profile: { readonly name: string | null; readonly picture: string | null };
}

/** A picture; where there is none, or it does not load, the initials. */
export function Avatar({ profile: { name, picture } }: AvatarProps) {
  const [broken, setBroken] = useState<string>();
  const initials = (name ?? '?')
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .slice(0, 2)
    .join('');
  return (
    <span className="avatar" aria-hidden="true">
      {picture !== null && picture !== broken ? (
        // Who asks for a picture is no business of whoever keeps it.
        <img
          src={picture}
          alt=""
          loading="lazy"
          referrerPolicy="no-referrer"
          onError={() => setBroken(picture)}
        />
      ) : (
        initials
      )}
    </span>
  );
}
