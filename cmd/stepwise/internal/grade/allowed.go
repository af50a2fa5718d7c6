package grade

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A submission is compiled into the program that judges it. So it gets nothing by which it
// could reach the judge: no unsafe, no reflect, no assembly, no files, no process, and of a
// package that can do more than sockets only the names that an exercise needs. Packages that
// compute may be used freely.

// computing are the packages of the standard library that can't reach anything.
var computing = []string{
	"bufio", "bytes", "cmp", "container/heap", "container/list", "container/ring", "context", "encoding/binary",
	"encoding/hex", "errors", "fmt", "io", "iter", "log", "maps", "math", "math/bits", "math/rand", "math/rand/v2",
	"slices", "sort", "strconv", "strings", "sync", "sync/atomic", "time", "unicode", "unicode/utf8",
}

// partly are packages of which some names may be used.
var partly = map[string]*regexp.Regexp{
	"golang.org/x/sys/unix": regexp.MustCompile(`^(` + strings.Join([]string{
		`(E|EPOLL|POLL|AF_|PF_|SOCK_|SO_|SOL_|IPPROTO_|TCP_|MSG_|SHUT_|SOMAXCONN|O_|F_|FD_|EFD_|IP|IPV6_)[A-Z0-9_]*`,
		`Sockaddr\w*|PollFd|Epoll(Event|Create|Create1|Ctl|Wait|Pwait)|Errno|Timeval|Timespec|Linger|NsecTo\w+|TimevalToNsec`,
		`Socket|Socketpair|Connect|Bind|Listen|Accept4?|Getpeername|Getsockname|Shutdown|Close|CloseOnExec|SetNonblock`,
		`Read|Write|Readv|Writev|Recvfrom|Recvmsg|Send|Sendto|Sendmsg|SendmsgN|Poll|Ppoll|Pipe2?|Eventfd|Dup|Dup2|Dup3`,
		`(Getsockopt|Setsockopt)(Int|Linger|Timeval)|ErrnoName`,
	}, "|") + `)$`),
	"syscall": regexp.MustCompile(`^(E[A-Z0-9]+|Errno)$`),
	"os":      regexp.MustCompile(`^(Stdout|Stderr|Err[A-Z]\w*|IsTimeout)$`),
	"net":     regexp.MustCompile(`^(Err\w+|Error|OpError)$`),
	"runtime": regexp.MustCompile(`^(Gosched|NumGoroutine|KeepAlive|GOMAXPROCS|NumCPU)$`),
}

// ours are the course's own packages that know the judge.
var ours = []string{"stepwise/pkg/lesson", "stepwise/pkg/trial"}

// rules say what a submission may use: the packages above, and what the course's own
// exercises and solutions use.
type rules struct {
	packages map[string]bool
	names    map[string]map[string]bool // of the packages that know the judge
}

// rulesOf reads the exercises and solutions of the course, and allows what the teacher adds.
func rulesOf(course string, more []string) (rules, error) {
	r := rules{map[string]bool{}, map[string]map[string]bool{}}
	for _, path := range slices.Concat(computing, more) {
		r.packages[path] = true
	}
	for _, folder := range []string{"exercises", "solutions"} {
		files, err := filepath.Glob(filepath.Join(course, folder, "[0-9]*", "*.go"))
		if err != nil {
			return r, err
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return r, fmt.Errorf("what an exercise may use: %w", err)
			}
			r.learn(file)
		}
	}
	return r, nil
}

func (r rules) learn(file *ast.File) {
	for local, path := range imports(file) {
		if slices.Contains(ours, path) {
			if r.names[path] == nil {
				r.names[path] = map[string]bool{}
			}
			maps.Copy(r.names[path], selected(file, local))
		} else if strings.HasPrefix(path, "stepwise/pkg/") {
			r.packages[path] = true
		}
	}
}

// check returns nil, or an error that says which part of which file isn't allowed, or where it
// isn't Go.
func (r rules) check(s submission) error {
	for _, name := range s.names() {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, s.files[name], parser.ParseComments)
		if err != nil {
			return notGo{err}
		}
		if at, why := r.wrong(file); why != "" {
			return fmt.Errorf("%v: %s", fset.Position(at), why)
		}
	}
	return nil
}

// notGo is what the parser says of a file.
type notGo struct{ error }

func isNotGo(err error) bool { return errors.As(err, &notGo{}) }

func (r rules) wrong(file *ast.File) (token.Pos, string) {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:linkname") || strings.HasPrefix(c.Text, "//go:cgo_") || strings.HasPrefix(c.Text, "//go:embed") {
				return c.Pos(), "it uses " + strings.Fields(c.Text)[0]
			}
		}
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		_, some := r.names[path]
		if !r.packages[path] && partly[path] == nil && !some {
			return spec.Pos(), "it imports " + path + ", which no exercise needs"
		}
		if spec.Name != nil && (spec.Name.Name == "." || spec.Name.Name == "_") {
			return spec.Pos(), "it imports " + path + " as " + spec.Name.Name
		}
	}
	return r.wrongUse(file)
}

// wrongUse finds a name that is not allowed, and a package's variable that is changed.
func (r rules) wrongUse(file *ast.File) (at token.Pos, why string) {
	local := imports(file)
	of := func(x ast.Expr) (path, name string) {
		if s, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && id.Obj == nil { // nothing in the file is called so
				return local[id.Name], s.Sel.Name
			}
		}
		return "", ""
	}
	found := func(pos token.Pos, text string) {
		if why == "" {
			at, why = pos, text
		}
	}
	changed := func(x ast.Expr) {
		if path, name := of(root(x)); path != "" {
			found(x.Pos(), "it changes "+path+"."+name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if path, name := of(n); path != "" && !r.may(path, name) {
				found(n.Pos(), "it uses "+path+"."+name+", which no exercise needs")
			}
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				changed(x)
			}
		case *ast.IncDecStmt:
			changed(n.X)
		case *ast.RangeStmt:
			changed(n.Key)
			changed(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				changed(n.X)
			}
		}
		return why == ""
	})
	return at, why
}

// root is the variable in which x lies: pkg.V of pkg.V.f[3], and of *pkg.V. It goes through
// parentheses, and ends at a call.
func root(x ast.Expr) ast.Expr {
	for {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.SelectorExpr:
			if _, ok := y.X.(*ast.Ident); ok {
				return y
			}
			x = y.X
		default:
			return x
		}
	}
}

func (r rules) may(path, name string) bool {
	if some, ok := r.names[path]; ok {
		return some[name]
	}
	if some := partly[path]; some != nil && !r.packages[path] {
		return some.MatchString(name)
	}
	return true
}

// imports are the packages of a file by the names that they have in it.
func imports(file *ast.File) map[string]string {
	all := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name := path[strings.LastIndex(path, "/")+1:]
		if name == "v2" {
			name = "rand" // math/rand/v2
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		all[name] = path
	}
	return all
}

// selected are the names of the package called local that file uses.
func selected(file *ast.File, local string) map[string]bool {
	all := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && id.Obj == nil && id.Name == local {
				all[s.Sel.Name] = true
			}
		}
		return true
	})
	return all
}
