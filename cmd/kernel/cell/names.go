package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/cosmos72/gomacro/fast"

	"stepwise/cmd/kernel/source"
)

// Complete returns the names that may stand at the cursor, which counts
// characters, and the range of characters that they would replace. After a dot they
// are those of the package, or the fields and methods of the value, which may be an
// expression; elsewhere the names that are known there, and Go's keywords.
func (s *Session) Complete(code string, cursor int) (matches []string, start, end int) {
	characters := []rune(code)
	end = min(max(cursor, 0), len(characters))
	head := string(characters[:end])
	word := fast.TailIdentifier(head)
	start = end - len([]rune(word))
	place := len(head) - len(word)
	words, foreign := []string{word}, false
	sc := s.scopeAt(code, place)
	if strings.HasSuffix(head[:place], ".") {
		operand, of := sc.operand(head[:place])
		if operand == "" {
			return nil, start, end
		}
		words, foreign = []string{operand, word}, of != "main"
	}
	sc.try(func() { matches = sc.c.CompleteWords(words) })
	return slices.DeleteFunc(matches, func(name string) bool { return hidden(name, foreign) }), start, end
}

// operand is a name for what stands before the dot at the end of the text: that of
// a package, or one that is declared for a value; and the path of the package that
// it, or its type, comes from. It is empty where nothing is known.
func (sc scope) operand(head string) (name, of string) {
	e, err := parser.ParseExpr(source.ExpressionBefore(head))
	if err != nil {
		return "", ""
	}
	if name, ok := e.(*ast.Ident); ok && sc.packageOf(name) != nil {
		return name.Name, sc.packageOf(name).Path
	}
	kinds := sc.typesOf(e)
	if len(kinds) != 1 {
		return "", ""
	}
	sc.declare(ast.NewIdent(source.Cursor), kinds[0])
	return source.Cursor, deref(kinds[0]).PkgPath()
}

// hidden reports whether a name is not the reader's: the kernel's own, a word of the
// interpreter that Go lacks, or one that a foreign package keeps to itself.
func hidden(name string, foreign bool) bool {
	return strings.HasPrefix(name, "stepwise_kernel_") || name == "macro" || name == "template" ||
		foreign && !token.IsExported(name)
}
