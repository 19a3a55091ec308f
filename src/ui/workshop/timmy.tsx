/** Tall, blue robe, pointed hat, white beard; leaning a little to the ball, which lights his right side. */
export function Timmy() {
  return (
    <g>
      <defs>
        <linearGradient id="robe" x1="0" y1="0" x2="1" y2="0.25">
          <stop offset="0" stopColor="#243078" />
          <stop offset="0.6" stopColor="#3446a0" />
          <stop offset="1" stopColor="#4d86b4" />
        </linearGradient>
        <linearGradient id="hat" x1="0" y1="0" x2="1" y2="0.3">
          <stop offset="0" stopColor="#27347f" />
          <stop offset="0.65" stopColor="#3c4fae" />
          <stop offset="1" stopColor="#5a93c0" />
        </linearGradient>
        <linearGradient id="beard" x1="0" y1="0" x2="1" y2="0.2">
          <stop offset="0" stopColor="#c3bfd6" />
          <stop offset="0.5" stopColor="#efeae6" />
          <stop offset="1" stopColor="#d3fff5" />
        </linearGradient>
      </defs>
      <g>
        {/* robe */}
        <path d="M470 446c-34 20-58 92-66 214h330c-8-116-36-192-76-214-30-14-158-14-188 0z" fill="url(#robe)" />
        <path
          d="M564 440v220M520 470c-14 60-20 130-22 190M612 470c12 60 18 130 20 190"
          stroke="#1a235c"
          strokeWidth="3"
          opacity="0.5"
          fill="none"
        />
        {/* sleeves, reaching round the ball */}
        <path d="M470 448c-40 26-62 110-52 160 6 26 60 46 112 34l44-22-22-44-48 14c4-44 6-96-8-130z" fill="#2b3a8c" />
        <path d="M656 448c40 24 78 84 92 128 6 26-4 46-22 54l-42-40c-20-26-40-66-48-100z" fill="#4778ae" />
        <path d="M576 572c18-10 40-8 52 0 8 6 4 14-4 14 4 6-2 12-10 10-6 8-22 10-30 6z" fill="#d9a585" />
        {/* head */}
        <path d="M506 360c-4 50 16 96 58 96s62-46 58-96z" fill="#d9a585" />
        <path d="M596 352c18 8 26 22 26 40-2 34-14 58-36 64 16-30 18-66 10-104z" fill="#a9d9cc" opacity="0.5" />
        <path
          d="M522 378c10-9 24-9 32-1l-2 9c-8-6-20-6-28 0zM578 377c8-8 22-8 32 1l-2 8c-8-6-20-6-28 0z"
          fill="#efeae6"
        />
        <path
          d="M530 396c5 5 13 5 18 0M584 396c5 5 13 5 18 0"
          stroke="#2a2140"
          strokeWidth="3.500"
          fill="none"
          strokeLinecap="round"
        />
        <path d="M566 388c10 12 16 24 12 32-6 6-20 6-26 0-2-8 8-18 14-32z" fill="#e8b798" />
        {/* beard */}
        <path
          d="M506 392c-8 30-8 66 2 100 10 40 26 84 50 132 8-18 12-22 16-28 6 4 8 8 12 14 22-44 36-84 42-118 4-34 2-70-6-100-4 24-14 38-28 40-8-8-18-10-30-6-12-4-22-2-30 6-14-2-24-16-28-40z"
          fill="url(#beard)"
        />
        <path
          d="M536 432c8 6 20 4 28-4 8 8 20 10 28 4 6 10-4 20-14 20-6 0-10-4-14-6-4 2-8 6-14 6-10 0-20-10-14-20z"
          fill="#fff"
        />
        <path
          d="M540 470c2 40 10 76 20 110M566 466c2 40 2 70 4 112M592 470c0 36-4 66-12 100"
          stroke="#b6b0c8"
          strokeWidth="2.500"
          fill="none"
          opacity="0.7"
          strokeLinecap="round"
        />
        {/* hat */}
        <path d="M500 356c6-52 14-108 40-160 8-16 22-34 46-38-12 12-14 26-8 42 20 46 36 100 46 156z" fill="url(#hat)" />
        <path d="M502 334c40 12 82 12 120 0l4 24H499z" fill="#ffb357" opacity="0.9" />
        <path d="M440 362c40-22 80-26 124-26s88 6 124 28c-36 18-80 22-124 22s-92-6-124-24z" fill="#2f3f96" />
        <path
          d="M440 362c40-22 80-26 124-26s88 6 124 28c-34-10-80-14-124-14s-88 2-124 12z"
          fill="#5f7fc9"
          opacity="0.6"
        />
        <path d="M560 238l5 12 13 1-10 9 3 13-11-7-11 7 3-13-10-9 13-1z" fill="#ffd08a" />
        <path
          d="M534 294l3 7 7 .5-5.500 5 2 7-6.500-4-6.500 4 2-7-5.500-5 7-.5zM592 296l2.500 6 6.500.5-5 4.500 1.500 6.500-5.500-3.500-5.500 3.500 1.500-6.500-5-4.500 6.500-.5z"
          fill="#ffd08a"
          opacity="0.8"
        />
      </g>
    </g>
  );
}
