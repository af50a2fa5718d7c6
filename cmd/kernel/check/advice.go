// advice.go: a plain sentence below the compiler's words, where a learner needs one.

package check

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stepwise/cmd/kernel/exports"
	"stepwise/cmd/kernel/source"
)

// advices have one for each kind of error that says what is wrong and not what to do. The
// first that fits is used.
var advices = []struct {
	fits *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`found 'EOF'|newline in (argument|parameter|composite)`), "A bracket or a quote is opened and never closed."},
	{regexp.MustCompile(`import path must be a string|missing import path`), "An import has its path in quotes: import \"fmt\"."},
	{regexp.MustCompile(`illegal character U\+20(1[89CD])`), "Quotes in Go are straight: \" and '."},
	{regexp.MustCompile(`illegal rune literal`), "A text stands in double quotes; single ones hold one character."},
	{regexp.MustCompile(`^return is not in a function`), "A cell is no function: end it with the value itself, or put the code into a func and call it."},
	{regexp.MustCompile(`^declared and not used`), "Inside a function every variable must be used: remove it, or assign it to _."},
	{regexp.MustCompile(`^missing return`), "Every way through the function must end in a return."},
	{regexp.MustCompile(`^no new variables on left side`), "A variable that is there is changed with =, without the colon."},
	{regexp.MustCompile(`^assignment mismatch: .* but .* returns`), "Each result needs a variable; _ takes one that you don't want."},
	{regexp.MustCompile(` is not used$`), "Only the last value of a cell is shown: print this one, or assign it."},
	{regexp.MustCompile(`^cannot use .*\(untyped|^cannot use .*\(constant`), "The value has another type than the place that it goes to."},
	{regexp.MustCompile(`\(missing method .*\n?.*method .* has pointer receiver`), "The method belongs to the pointer: take the value's address, with &."},
	{regexp.MustCompile(`^undefined: [^.]+$`), "No cell that has run defines it: run the one that does, above this one, or check the spelling."},
	{regexp.MustCompile(`^undefined: \S+\.\S+$`), "The package has no such name: exported names begin with a capital."},
}

// adviceFor is the sentence that helps with an error; empty if there is none.
func adviceFor(message string) string {
	for _, a := range advices {
		if a.fits.MatchString(message) {
			return a.says
		}
	}
	return ""
}

var (
	undefined = regexp.MustCompile(`^undefined: ([^.]+)$`)
	noMember  = regexp.MustCompile(`^undefined: \S+\.([^. ]+)$|^\S+\.([^. ]+) undefined \(type`)
)

// suggest looks for the names that an unknown one may be meant for.
func (p *pass) suggest(e types.Error) string {
	if found := undefined.FindStringSubmatch(e.Msg); found != nil {
		if paths := packagesNamed(found[1]); len(paths) > 0 {
			return "Write import " + strconv.Quote(paths[0]) + " first."
		}
		return source.DidYouMean("", found[1], p.namesAt(e.Pos))
	}
	if found := noMember.FindStringSubmatch(e.Msg); found != nil {
		return p.suggestMember(e.Pos, cmp.Or(found[1], found[2]))
	}
	return ""
}

// suggestMember looks among the names of a package, or the fields and methods of a value.
func (p *pass) suggestMember(at token.Pos, name string) (suggested string) {
	for _, node := range p.nodes {
		ast.Inspect(node, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Pos() == at {
				suggested = source.DidYouMean(text(p.files, s.X)+".", name, p.members(s.X))
			}
			return suggested == ""
		})
	}
	return suggested
}

// packagesNamed are the paths of the packages of that name, ours first.
func packagesNamed(name string) []string {
	var paths []string
	for _, known := range exports.Paths() {
		if path.Base(known) == name {
			paths = append(paths, known)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(-cmp.Compare(strings.Count(a, "stepwise"), strings.Count(b, "stepwise")), cmp.Compare(a, b))
	})
	return paths
}

// importsLike asks for the packages whose paths look like one that isn't there.
func importsLike(path string) string {
	var all []string
	for _, known := range exports.Paths() {
		all = append(all, strconv.Quote(known))
	}
	return source.DidYouMean("", strconv.Quote(path), all)
}
