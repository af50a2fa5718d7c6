// ansi.go: turning what programs print for terminals into HTML. Colors and weights
// are kept; other control sequences are dropped.

package site

import (
	"regexp"
	"strconv"
	"strings"
)

// sequence matches a control sequence: CSI … letter, OSC … end, or two letters.
var sequence = regexp.MustCompile("\x1b(?:\\[([0-9;:?<=>]*)[ -/]*([@-~])|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?|[@-Z\\\\-_])")

// ansiHTML returns s, escaped, with an element around each part with a look of its
// own.
func ansiHTML(s string) string {
	s = overwritten(s)
	var b strings.Builder
	look := map[string]string{} // the look that is on: "color": "a1", "b": "b"
	write := func(text string) {
		if text == "" {
			return
		}
		var classes []string
		for _, key := range []string{"b", "d", "i", "u", "color"} {
			if look[key] != "" {
				classes = append(classes, look[key])
			}
		}
		if len(classes) == 0 {
			b.WriteString(escape(text))
			return
		}
		b.WriteString(`<span class="` + strings.Join(classes, " ") + `">` + escape(text) + "</span>")
	}
	at := 0
	for _, m := range sequence.FindAllStringSubmatchIndex(s, -1) {
		write(s[at:m[0]])
		at = m[1]
		if m[4] >= 0 && s[m[4]:m[5]] == "m" {
			setLook(look, s[m[2]:m[3]])
		}
	}
	write(s[at:])
	return b.String()
}

// setLook applies the numbers of one SGR sequence. It knows the sixteen colors that
// have names; the page has a light and a dark color for each.
func setLook(look map[string]string, numbers string) {
	words := strings.FieldsFunc(numbers, func(r rune) bool { return r == ';' || r == ':' })
	if len(words) == 0 {
		words = []string{"0"}
	}
	for i := 0; i < len(words); i++ {
		n, _ := strconv.Atoi(words[i])
		switch {
		case n == 0:
			clear(look)
		case n == 1 || n == 2 || n == 3 || n == 4:
			class := string("bdiu"[n-1])
			look[class] = class
		case n == 22:
			delete(look, "b")
			delete(look, "d")
		case n == 23:
			delete(look, "i")
		case n == 24:
			delete(look, "u")
		case n >= 30 && n <= 37:
			look["color"] = "a" + strconv.Itoa(n-30)
		case n >= 90 && n <= 97:
			look["color"] = "a" + strconv.Itoa(n-90)
		case n == 39:
			delete(look, "color")
		case n == 38 || n == 48: // a color of 256 (5;n) or by its parts (2;r;g;b)
			skip := map[string]int{"5": 2, "2": 4}
			if i+1 < len(words) {
				i += skip[words[i+1]]
			}
		}
	}
}

// overwritten applies carriage returns: each starts its line again.
func overwritten(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(lines, "\n")
}
