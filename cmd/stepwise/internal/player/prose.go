// prose.go: how a notebook's cells look in a terminal. Read player.go first.

package player

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/glamour"
	"github.com/charmbracelet/glamour/ansi"
	"github.com/charmbracelet/glamour/styles"
)

// prose shows a cell of Markdown, and reports whether the reader wants to go on. What
// Jupyter folds below a summary is shown once the reader asks for it. If Markdown can't
// be rendered, it is shown as it is.
func (p *Player) prose(source string) bool {
	source = lessonLink.ReplaceAllString(source, "$1")
	for source != "" {
		before, summary, answer, after := folded(source)
		if strings.TrimSpace(before) != "" {
			p.paragraphs(before)
		}
		if summary != "" {
			p.paragraphs(summary)
			if !p.ask("Enter shows the answer") {
				return false
			}
			p.paragraphs(answer)
		}
		source = after
	}
	return true
}

func (p *Player) paragraphs(source string) {
	fmt.Fprintln(p.Out, p.render(strings.TrimSpace(source), p.Width))
	fmt.Fprintln(p.Out)
}

var (
	details  = regexp.MustCompile(`(?s)<details>\s*<summary>(.*?)</summary>(.*?)</details>`)
	codeSpan = regexp.MustCompile(`</?code>`)
)

// folded cuts source around its first <details>. Without one, all of it is before.
func folded(source string) (before, summary, answer, after string) {
	at := details.FindStringSubmatchIndex(source)
	if at == nil {
		return source, "", "", ""
	}
	summary = strings.Join(strings.Fields(source[at[2]:at[3]]), " ")
	return source[:at[0]], codeSpan.ReplaceAllString(summary, "`"), source[at[4]:at[5]], source[at[1]:]
}

// lessonLink matches a link to another notebook; the name of its file is no use here.
var lessonLink = regexp.MustCompile(`\[([^\]]+)\]\([^)\s]*\.ipynb(?:#[^)]*)?\)`)

// code shows a cell's source, with a word before it. Only on a screen it breaks lines, between
// words: a file gets them as they are. The source may contain a fence of backticks, so code
// uses a longer one.
func (p *Player) code(word, source string) {
	fence := "```"
	for strings.Contains(source, fence) {
		fence += "`"
	}
	fmt.Fprintln(p.Out, p.faint(word+":"))
	source = strings.ReplaceAll(strings.TrimRight(source, "\n"), "\t", "    ")
	if p.Screen {
		source = broken(source, p.Width-indented)
	}
	fmt.Fprintln(p.Out, p.render(fence+"go\n"+source+"\n"+fence, 0))
}

// indented is how far render moves code to the right.
const indented = 4

// broken breaks the lines of source that are longer than width between two words, and moves
// what follows to the right of where the line began, behind an arrow. A word that is longer
// than a line stays whole.
func broken(source string, width int) string {
	var all []string
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		begin := line[:len(line)-len(strings.TrimLeft(line, " "))] + "    ↪ "
		for {
			at := lastSpace(line, width)
			if at < 0 {
				break
			}
			all = append(all, line[:at])
			line = begin + strings.TrimLeft(line[at:], " ")
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

// lastSpace is where line is to be broken: before the last word that would reach over width;
// -1 if it fits, or has no word that would be shorter on a line of its own.
func lastSpace(line string, width int) int {
	if utf8.RuneCountInString(line) <= width {
		return -1
	}
	start := len(line) - len(strings.TrimLeft(line, " ↪"))
	at, seen := -1, 0
	for i, r := range line {
		if seen > width {
			break
		}
		if r == ' ' && i > start {
			at = i
		}
		seen++
	}
	return at
}

var (
	blankLines = regexp.MustCompile(`(?m)\A(?:^[ \t]*(?:\x1b\[[0-9;]*m|[ \t])*\n)+|(?:\n(?:\x1b\[[0-9;]*m|[ \t])*)+\z`)
	lineEnds   = regexp.MustCompile(`(?m)[ \t]+$`)
)

// render turns Markdown into lines for a terminal, without blank lines around them. A
// width of 0 breaks no line.
func (p *Player) render(source string, width int) string {
	renderer, err := glamour.NewTermRenderer(glamour.WithStyles(p.style()), glamour.WithWordWrap(width), glamour.WithTableWrap(true))
	if err != nil {
		return source
	}
	text, err := renderer.Render(source)
	if err != nil {
		return source
	}
	text = lineEnds.ReplaceAllString(blankLines.ReplaceAllString(text, ""), "")
	if p.Color {
		text += "\x1b[0m" // a blank line may have contained it
	}
	return text
}

// style sets no colors for text and background. Its other colors are readable on a
// light and on a dark background, because not every terminal says which it has.
func (p *Player) style() ansi.StyleConfig {
	style := styles.ASCIIStyleConfig
	yes := true
	style.H1.Prefix, style.H2.Prefix, style.H3.Prefix = "# ", "## ", "### "
	if !p.Color {
		style.Code = ansi.StyleBlock{StylePrimitive: ansi.StylePrimitive{Prefix: "`", Suffix: "`"}}
		return style
	}
	blue, green := "31", "29" // of the 256 that terminals know
	style.Heading.Bold, style.Heading.Color = &yes, &blue
	style.Strong = ansi.StylePrimitive{Bold: &yes}
	style.Emph = ansi.StylePrimitive{Italic: &yes}
	style.Code = ansi.StyleBlock{StylePrimitive: ansi.StylePrimitive{Color: &green}}
	style.LinkText = ansi.StylePrimitive{Underline: &yes}
	blueCode, greenCode, violetCode, grayCode := "#0087af", "#00875f", "#af5faf", "#808080"
	style.CodeBlock.Chroma = &ansi.Chroma{
		Keyword:       ansi.StylePrimitive{Color: &blueCode},
		KeywordType:   ansi.StylePrimitive{Color: &blueCode},
		LiteralString: ansi.StylePrimitive{Color: &greenCode},
		LiteralNumber: ansi.StylePrimitive{Color: &violetCode},
		Comment:       ansi.StylePrimitive{Color: &grayCode},
	}
	return style
}

// faint marks what is neither the course's words nor the reader's code.
func (p *Player) faint(text string) string {
	if !p.Color {
		return text
	}
	return "\x1b[2m" + text + "\x1b[0m"
}
