/** Served at /assets/rollcall.css. A constant and not a file, so that it is wherever the code is. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2430, #e3e8ef);
  --muted: light-dark(#566172, #9aa7b8);
  --page: light-dark(#f6f7f9, #12161c);
  --card: light-dark(#ffffff, #1a2029);
  --line: light-dark(#d9dee6, #2f3947);
  --edge: light-dark(#7a8494, #7f8b9c);
  --accent: light-dark(#0b5cad, #79b8ff);
  --on-accent: light-dark(#ffffff, #0d1620);
  --error: light-dark(#b3261e, #ff9a92);
  --code: light-dark(#eef1f5, #232b36);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font: 16px/1.55 system-ui, sans-serif;
}
header, main { max-width: 52rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
main { padding-bottom: 4rem; }
.brand { color: var(--text); font-weight: 700; letter-spacing: -0.01em; text-decoration: none; }
h1 { margin: 1.5rem 0 0.5rem; font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.02em; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1.05rem; }
p { margin: 0.5rem 0 1rem; }
a { color: var(--accent); }
a:focus-visible, input:focus-visible, button:focus-visible, .button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.lead { color: var(--muted); font-size: 1.1rem; }
.muted, small { color: var(--muted); }
.card { margin: 1.25rem 0; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.card > :first-child { margin-top: 0; }
.card > :last-child { margin-bottom: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.5rem 1.25rem; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre, .secret { font-family: ui-monospace, monospace; font-size: 0.9em; }
code { padding: 0.1em 0.3em; background: var(--code); border-radius: 4px; }
pre { margin: 0.75rem 0; padding: 0.9rem 1rem; overflow-x: auto; background: var(--code); border-radius: 8px; }
pre code { padding: 0; background: none; }
.table { overflow-x: auto; }
table { width: 100%; margin: 0.75rem 0; border-collapse: collapse; font-size: 0.95rem; }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
ul.links { padding: 0; list-style: none; }
ul.links li { padding: 0.45rem 0; border-bottom: 1px solid var(--line); }
ul.links li:last-child { border-bottom: 0; }
label { display: block; margin: 1rem 0 0.25rem; font-weight: 600; }
input[type='hidden'] + label { margin-top: 0; }
.hint { display: block; color: var(--muted); font-size: 0.9rem; font-weight: 400; }
input {
  width: 100%;
  padding: 0.6rem 0.75rem;
  background: var(--page);
  color: var(--text);
  border: 1px solid var(--edge);
  border-radius: 8px;
  font: inherit;
}
input[aria-invalid='true'] { border-color: var(--error); }
.narrow header, .narrow main { max-width: 30rem; }
.notice { padding: 0.6rem 0.9rem; background: var(--code); border-left: 4px solid var(--accent); border-radius: 4px; }
fieldset { margin: 1rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
label.choice { margin: 0.4rem 0; font-weight: 400; }
label.choice input { width: auto; margin-right: 0.4rem; }
ul.rows { margin: 0.5rem 0 1rem; padding: 0 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; list-style: none; }
ul.rows li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1.25rem; padding: 0.85rem 0; border-bottom: 1px solid var(--line); }
ul.rows li:last-child { border-bottom: 0; }
ul.rows li > div { flex: 1 1 18rem; overflow-wrap: anywhere; }
ul.rows small { display: block; }
ul.rows button { margin-top: 0; }
.error { margin: 0.3rem 0 0; color: var(--error); font-size: 0.95rem; }
.secret { padding-right: 0.75rem; user-select: all; }
button, .button {
  display: inline-block;
  margin-top: 1.5rem;
  padding: 0.65rem 1.25rem;
  background: var(--accent);
  color: var(--on-accent);
  border: 0;
  border-radius: 8px;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
  text-decoration: none;
}
.button { margin-top: 0.5rem; }
.wide { width: 100%; text-align: center; }
button.secondary { padding: 0.45rem 0.9rem; background: transparent; color: var(--accent); border: 1px solid var(--edge); }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; gap: 0 0; }
  dd { margin-bottom: 0.75rem; }
}
`;
