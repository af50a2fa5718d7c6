// accessible.go: rules for readers who hear a notebook instead of seeing it: every
// column of a table has a name, and every link says where it leads, even without the
// text around it. prose.go has the rules for headings and pictures; read it first.

package notebook

import (
	"regexp"
	"strings"
)

var (
	delimiter = regexp.MustCompile(`^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)
	htmlTable = regexp.MustCompile(`(?is)<table\b.*?(?:</table>|$)`)
	htmlHead  = regexp.MustCompile(`(?is)<th\b[^>]*>\s*[^<\s]`)
	link      = regexp.MustCompile(`(^|[^!\\])\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\][(\[]([^)\]]*)[)\]]`)
	htmlLink  = regexp.MustCompile(`(?is)<a\b[^>]*>(.*?)</a>`)
	bareLink  = regexp.MustCompile(`(?i)(^|[\s<])(?:https?://|www\.)[^\s>)]+`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// vague are link texts that don't say where they lead.
var vague = map[string]bool{
	"": true, "here": true, "this": true, "link": true, "this link": true, "click": true, "click here": true,
	"see here": true, "more": true, "read more": true, "page": true, "this page": true, "there": true,
	"it": true, "that": true, "source": true, "details": true, "next": true, "back": true,
}

// tables requires a name in the head of every column except the first, whose cells
// are the names of the rows.
func (l *linter) tables(i int, source string) {
	lines := strings.Split(source, "\n")
	for n := 1; n < len(lines); n++ {
		if !delimiter.MatchString(lines[n]) || !strings.Contains(lines[n-1], "|") {
			continue
		}
		head := cellsOf(lines[n-1])
		for column, text := range head {
			if text == "" && (column > 0 || len(head) == 1) {
				l.add(i, "column %d of the table %q has no name", column+1, lines[n-1])
			}
		}
	}
	for _, table := range htmlTable.FindAllString(source, -1) {
		if !htmlHead.MatchString(table) {
			l.add(i, "a <table> has no <th>")
		}
	}
}

// cellsOf splits a row of a table into its cells.
func cellsOf(row string) []string {
	row = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(row), "|"), "|")
	cells := strings.Split(row, "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// links requires every link to have words of its own.
func (l *linter) links(i int, source string) {
	for _, match := range link.FindAllStringSubmatch(source, -1) {
		l.linkText(i, match[2], match[3])
	}
	for _, match := range htmlLink.FindAllStringSubmatch(source, -1) {
		l.linkText(i, tag.ReplaceAllString(match[1], ""), match[0])
	}
	for _, match := range bareLink.FindAllString(link.ReplaceAllString(htmlLink.ReplaceAllString(source, ""), ""), -1) {
		l.add(i, "the address %s has no link text: give it one", strings.TrimSpace(match))
	}
}

func (l *linter) linkText(i int, text, target string) {
	plain := strings.ToLower(strings.Trim(strings.TrimSpace(text), "*_`.:… "))
	if vague[plain] || bareLink.MatchString(plain) {
		l.add(i, "the link %q to %s doesn't say where it leads", text, target)
	}
}
