// golang.go: Go in colors. Go's own scanner splits the source. Nothing is lost or
// changed, even if a cell is not a whole file or not Go at all.

package site

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
)

// highlight returns source as HTML, with an element around each keyword (k), string
// (s), number (n) and comment (c). Lines for the kernel at the top, such as %test 09
// or $ ls, are not Go and get none.
func highlight(source string) string {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	at := endOfCommands(source)
	var b strings.Builder
	b.WriteString(escape(source[:at]))
	source = source[at:]

	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), nil, scanner.ScanComments)
	done := 0
	for {
		pos, kind, literal := s.Scan()
		if kind == token.EOF {
			break
		}
		start := file.Offset(pos)
		class, end := classOf(kind), start+len(literal)
		if class == "" || start < done || end > len(source) {
			continue
		}
		fmt.Fprintf(&b, "%s<span class=\"%s\">%s</span>", escape(source[done:start]), class, escape(source[start:end]))
		done = end
	}
	b.WriteString(escape(source[done:]))
	return b.String()
}

func classOf(kind token.Token) string {
	switch kind {
	case token.STRING, token.CHAR:
		return "s"
	case token.INT, token.FLOAT, token.IMAG:
		return "n"
	case token.COMMENT:
		return "c"
	}
	if kind.IsKeyword() {
		return "k"
	}
	return ""
}

// endOfCommands returns where the lines for the kernel at the top end.
func endOfCommands(source string) int {
	at := 0
	for line := range strings.Lines(source) {
		if first := strings.TrimSpace(line); first != "" && first[0] != '%' && first[0] != '$' {
			break
		}
		at += len(line)
	}
	return at
}
