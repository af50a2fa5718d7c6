package draw

// style has each color twice: for light paper, printed or not, and for a dark screen. No
// color carries a meaning alone: what runs is also thicker than what waits, and what
// leads back is also dashed.
//
// All rules are below .stepwise, since a notebook may put the picture into its own page.
// The first two rules are the exception. Notebook 6 puts an SVG into a box of its full
// size, which a narrow window would cut off, and a high picture into a box of 24 lines.
const style = `
.output_svg>div:has(>.stepwise){max-width:100%;height:auto!important}
` + unscrolled + `
.stepwise .paper{fill:#fff}
.stepwise text{fill:#1b1f24}
.stepwise text.faint{fill:#5b6470}
.stepwise text.strong{font-weight:bold}
.stepwise text.over{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}
.stepwise line,.stepwise polyline{stroke:#1b1f24;stroke-width:1.5;fill:none}
.stepwise .life{stroke:#c3c9d2;stroke-width:1}
.stepwise .call{stroke:#0b4fb3}
.stepwise .call.head{fill:#0b4fb3}
.stepwise .back{stroke:#97320b;stroke-dasharray:6 4}
.stepwise .back.head{stroke-dasharray:none}
.stepwise .taken{stroke-width:4}
.stepwise .way{stroke:#8a93a0;stroke-dasharray:6 4}
.stepwise .box{fill:#f2f4f8;stroke:#8a93a0}
.stepwise .sleep{fill:#e4e9f2;stroke:#5b6470;stroke-width:1.5}
.stepwise .night{fill:#e4e9f2}
.stepwise .fold{fill:none;stroke:#8a93a0;stroke-dasharray:2 4}
.stepwise .here{fill:#fff3c4;stroke:#8a6d00;stroke-width:1.5}
.stepwise .runs{fill:#0b4fb3;stroke:none}
.stepwise .waits{fill:#8a93a0;stroke:none}
.stepwise .due{fill:#fff;stroke:#97320b}
.stepwise .dot{fill:#1b1f24}
.stepwise .open{fill:#fff;stroke:#1b1f24;stroke-width:1.5}
@media screen and (prefers-color-scheme:dark){
.stepwise .paper{fill:#12161b}
.stepwise text{fill:#e6e9ee}
.stepwise text.faint{fill:#a3adba}
.stepwise text.over{stroke:#12161b}
.stepwise line,.stepwise polyline{stroke:#e6e9ee}
.stepwise .life{stroke:#3b434f}
.stepwise .call{stroke:#8ab8ff}
.stepwise .call.head{fill:#8ab8ff}
.stepwise .back{stroke:#ffb088}
.stepwise .way{stroke:#6b7685}
.stepwise .box{fill:#1e242d;stroke:#6b7685}
.stepwise .sleep{fill:#27303d;stroke:#a3adba}
.stepwise .night{fill:#232b37}
.stepwise .fold{stroke:#6b7685}
.stepwise .here{fill:#453a10;stroke:#d9b93b}
.stepwise .runs{fill:#8ab8ff}
.stepwise .waits{fill:#6b7685}
.stepwise .due{fill:#12161b;stroke:#ffb088}
.stepwise .dot{fill:#e6e9ee}
.stepwise .open{fill:#12161b;stroke:#e6e9ee}
}
`

const unscrolled = ".output_scroll:has(.stepwise){height:auto!important;overflow:visible!important;box-shadow:none!important}"
