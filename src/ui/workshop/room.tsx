import styles from "./workshop-picture.module.css";

/** [x, y, radius] in the window's sky. */
const STARS = [
  [188, 196, 1.6],
  [212, 262, 1.2],
  [236, 170, 2],
  [281, 150, 1.4],
  [306, 232, 1.8],
  [338, 186, 1.3],
  [352, 262, 1.6],
  [196, 330, 1.3],
  [246, 318, 1.7],
  [330, 330, 1.2],
  [288, 292, 1.1],
] as const;

/** Back wall and floor, lit from the hearth at the left and from the ball. */
export function Wall() {
  return (
    <g>
      <defs>
        <linearGradient id="wall" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#141836" />
          <stop offset="0.75" stopColor="#1b2045" />
          <stop offset="1" stopColor="#0e1126" />
        </linearGradient>
        <radialGradient id="light-of-ball">
          <stop offset="0" stopColor="#6fe3cf" stopOpacity="0.5" />
          <stop offset="0.4" stopColor="#3f9fae" stopOpacity="0.2" />
          <stop offset="1" stopColor="#3f9fae" stopOpacity="0" />
        </radialGradient>
        <radialGradient id="light-of-embers">
          <stop offset="0" stopColor="#ff9a3d" stopOpacity="0.6" />
          <stop offset="0.5" stopColor="#c2571f" stopOpacity="0.22" />
          <stop offset="1" stopColor="#c2571f" stopOpacity="0" />
        </radialGradient>
        <pattern id="stones" width="176" height="112" patternUnits="userSpaceOnUse">
          <path
            d="M0 1h176M0 57h176M44 1v56M132 1v56M8 57v55M96 57v55"
            fill="none"
            stroke="#0a0d20"
            strokeWidth="3"
            opacity="0.55"
          />
          <path d="M48 5h80M100 61h70M12 61h78" stroke="#4a5394" strokeWidth="1.5" opacity="0.28" />
        </pattern>
        <linearGradient id="floor" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#1a1730" />
          <stop offset="1" stopColor="#0e1126" />
        </linearGradient>
      </defs>
      <rect width="1600" height="900" fill="url(#wall)" />
      <rect width="1600" height="800" fill="url(#stones)" />
      <path d="M0 800h1600v100H0z" fill="url(#floor)" />
      <path d="M0 800h1600" stroke="#0a0d20" strokeWidth="4" />
      <circle cx="690" cy="590" r="520" fill="url(#light-of-ball)" />
      <circle cx="70" cy="800" r="460" fill="url(#light-of-embers)" />
      <path d="M0 0h1600v180H0z" fill="url(#dusk)" />
      <linearGradient id="dusk" x1="0" y1="0" x2="0" y2="1">
        <stop offset="0" stopColor="#0e1126" stopOpacity="0.85" />
        <stop offset="1" stopColor="#0e1126" stopOpacity="0" />
      </linearGradient>
    </g>
  );
}

export function Window() {
  const arch = "M164 500V262a106 106 0 0 1 212 0v238z";
  return (
    <g>
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#16205c" />
          <stop offset="0.7" stopColor="#33458f" />
          <stop offset="1" stopColor="#5a6bb4" />
        </linearGradient>
        <clipPath id="pane">
          <path d={arch} />
        </clipPath>
        <linearGradient id="moonlight" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#a9b8f0" stopOpacity="0.2" />
          <stop offset="1" stopColor="#a9b8f0" stopOpacity="0" />
        </linearGradient>
      </defs>
      <path d="M138 516V262a132 132 0 0 1 264 0v254z" fill="#2a2f5c" />
      <path d="M138 516V262a132 132 0 0 1 264 0v254" fill="none" stroke="#0a0d20" strokeWidth="4" opacity="0.6" />
      <path d={arch} fill="url(#sky)" />
      <g clipPath="url(#pane)">
        <g fill="#f3e9d2">
          {STARS.map(([cx, cy, r]) => (
            <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r={r} />
          ))}
        </g>
        <path d="M318 214a30 30 0 1 0 20 50 34 34 0 0 1-20-50z" fill="#f8efd8" transform="rotate(-14 320 240)" />
        <path d="M150 432c50-46 76-22 108-8s72-40 130-6v90H150z" fill="#8d9bd4" />
        <path d="M150 462c44-22 92-18 124-2s64-14 112-4v54H150z" fill="#dfe5fa" />
        <path d="M214 466l14-44 14 44zM220 444l8-30 8 30zM306 470l11-34 11 34z" fill="#26305f" />
      </g>
      <path d="M270 156v344M164 290h212M164 396h212" stroke="#1b1f42" strokeWidth="7" />
      <path d="M126 500h288v22H126z" fill="#3a4077" />
      <path d="M126 500h288v5H126z" fill="#a9b8f0" opacity="0.35" />
      <path d="M164 500L376 500 720 800H360z" fill="url(#moonlight)" />
    </g>
  );
}

export function Shelf() {
  return (
    <g transform="translate(-36 0)">
      <path d="M726 300h232v14H726z" fill="#3d2c3f" />
      <path d="M726 300h232v4H726z" fill="#8a6a5a" opacity="0.6" />
      <path d="M748 314v26l22-26zM936 314v26l-22-26z" fill="#2a1f33" />
      <path d="M738 300v-62h16v62z" fill="#7a3f4c" />
      <path d="M756 300v-74h13v74z" fill="#3f6673" />
      <path d="M771 300v-56h19v56z" fill="#6a5a8c" />
      <path d="M794 300l14-60 14 4-13 56z" fill="#8a6a3f" />
      <path d="M741 250h10M759 240h7M774 258h13" stroke="#f3e9d2" strokeWidth="2" opacity="0.45" />
      {/* alpha, the judge, small and owl-like */}
      <g>
        <path
          d="M846 300c-20-4-25-30-20-52 2-10 4-16 2-26 7 4 12 6 18 6h16c6 0 11-2 18-6-2 10 0 16 2 26 5 22 0 48-20 52z"
          fill="#4b4672"
        />
        <path d="M838 270c6 18 26 18 32 0 2 12-2 30-16 30s-18-18-16-30z" fill="#857ba6" />
        <circle cx="842" cy="248" r="11" fill="#1b1f42" />
        <circle cx="866" cy="248" r="11" fill="#1b1f42" />
        <circle cx="843" cy="248" r="6.500" fill="#ffd08a" className={styles.glow} />
        <circle cx="865" cy="248" r="6.500" fill="#ffd08a" className={styles.glow} />
        <circle cx="844" cy="249" r="2.600" fill="#1b1f42" />
        <circle cx="864" cy="249" r="2.600" fill="#1b1f42" />
        <path d="M851 257l3 8 3-8z" fill="#ffb357" />
      </g>
      <path d="M904 300c-14-6-14-28-3-34v-14h14v14c11 6 11 28-3 34z" fill="#6fe3cf" opacity="0.55" />
      <path d="M899 252h18v-7h-18z" fill="#8a6a5a" />
      <path d="M940 300c-9-3-9-20-2-26v-22h10v22c7 6 7 23-2 26z" fill="#ff7a6b" opacity="0.55" />
    </g>
  );
}

export function Hearth() {
  return (
    <g>
      <path d="M-30 830V640c0-70 60-104 120-104s126 34 126 104v190z" fill="#2a2a52" />
      <path d="M-10 830V652c0-52 48-78 98-78s100 26 100 78v178z" fill="#120d18" />
      <g className={styles.ember}>
        <ellipse cx="90" cy="806" rx="92" ry="40" fill="#ff9a3d" opacity="0.35" />
        <path
          d="M90 806c-30-8-40-36-22-62 2 14 10 18 14 18-6-26 6-46 24-58-4 22 22 34 22 62 6-4 8-10 8-16 12 26-8 52-46 56z"
          fill="#ff8a3a"
        />
        <path
          d="M92 808c-18-4-24-22-14-38 4 8 8 8 10 8 0-16 8-24 14-30 0 14 12 22 10 38-2 12-10 20-20 22z"
          fill="#ffd28a"
        />
      </g>
      <path d="M24 812l120-14 6 16-126 16zM30 800l118 14-4 16-120-18z" fill="#3b2226" />
    </g>
  );
}

/** With what stands on it: candle, scroll, the ball, delta's jar. */
export function Table() {
  return (
    <g>
      <defs>
        <radialGradient id="ball" cx="0.38" cy="0.32" r="0.75">
          <stop offset="0" stopColor="#f4fffb" />
          <stop offset="0.25" stopColor="#a9f5e6" />
          <stop offset="0.7" stopColor="#45b9b0" />
          <stop offset="1" stopColor="#1d5c74" />
        </radialGradient>
        <linearGradient id="wood" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#4a3140" />
          <stop offset="1" stopColor="#1c1526" />
        </linearGradient>
      </defs>
      <path d="M392 700h34l-10 130h-30zM858 700h34l8 130h-30z" fill="#1c1526" />
      <path d="M346 664h592l-18 52H364z" fill="url(#wood)" />
      <path d="M330 650h624v18H330z" fill="#5b3d48" />
      <path d="M330 650h624v4H330z" fill="#6fe3cf" opacity="0.3" />
      {/* candle */}
      <circle cx="406" cy="560" r="90" fill="url(#light-of-embers)" className={styles.ember} />
      <path d="M396 650v-58c6-5 14-5 20 0v58z" fill="#f3e9d2" />
      <path d="M380 644h52v8h-52z" fill="#8a6a3f" />
      <path className={styles.ember} d="M406 586c-9-5-8-18 0-30 8 12 9 25 0 30z" fill="#ffc06a" />
      {/* scroll and quill */}
      <path d="M448 650l12-12h96l10 12z" fill="#e8dcc0" />
      <path d="M470 645h60M478 641h40" stroke="#8a7a6a" strokeWidth="1.500" />
      {/* the ball */}
      <circle cx="690" cy="590" r="150" fill="url(#light-of-ball)" className={styles.glow} />
      <path d="M648 650c4-12 20-18 42-18s38 6 42 18z" fill="#8a6a3f" />
      <path d="M648 650c4-12 20-18 42-18s38 6 42 18" fill="none" stroke="#ffc987" strokeWidth="2" opacity="0.6" />
      <circle cx="690" cy="584" r="56" fill="url(#ball)" />
      <path
        d="M656 596c16-16 30 4 44-8s18-18 30-8c-2 26-20 44-42 44-16 0-28-12-32-28z"
        fill="#f4fffb"
        opacity="0.28"
        className={styles.glow}
      />
      <ellipse cx="672" cy="560" rx="15" ry="9" fill="#fff" opacity="0.75" transform="rotate(-32 672 560)" />
      {/* delta's jar */}
      <path d="M816 650c-12-6-14-52-4-64h60c10 12 8 58-4 64z" fill="#8fb6cf" opacity="0.22" />
      <path d="M816 650c-10-4-12-24-10-34 22-8 50-6 72 0 2 10 0 30-10 34z" fill="#e59a3e" />
      <g fill="#ffc987" stroke="#b36d1e" strokeWidth="1.500">
        <ellipse cx="826" cy="618" rx="13" ry="6" />
        <ellipse cx="852" cy="614" rx="13" ry="6" />
        <ellipse cx="840" cy="626" rx="13" ry="6" />
        <ellipse cx="866" cy="624" rx="11" ry="5" />
        <ellipse cx="898" cy="645" rx="13" ry="5" />
      </g>
      <path d="M808 580h68v8h-68z" fill="#b9d4e4" opacity="0.5" />
      <path
        d="M818 596c-4 14-3 34 1 46"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        opacity="0.4"
        strokeLinecap="round"
      />
    </g>
  );
}
