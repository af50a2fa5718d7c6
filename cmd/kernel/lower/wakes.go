package lower

import (
	"go/ast"
	"go/types"
	"regexp"

	"golang.org/x/tools/go/ast/astutil"
)

// Builtins for values of packages that wait for the network.
const (
	Woken     = Prefix + "woken"     // woken(func() int, x, "M") is x.M, and the stop button ends it
	Wakened   = Prefix + "wakened"   // wakened(I, x) is x as an I whose methods the button ends
	Unwrapped = Prefix + "unwrapped" // unwrapped(x) is what wakened has made an interface of
)

// wakes lets the stop button end what waits for the network:
//
//	n, err := udp.Read(buffer)
//	line, err := bufio.NewReader(tcp).ReadString('\n')
//	answer, err := client.Do(request)
//
// Compiled methods can't be replaced, so the cell calls another. In an interface a
// connection gets a type of the kernel's, which an assertion must not see.
func wakes(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.SelectorExpr:
		s := l.Info.Selections[n]
		if s == nil || s.Kind() != types.MethodVal || !wakable.MatchString(s.Obj().(*types.Func).FullName()) {
			return
		}
		x, t := l.path(n.X, s), s.Type().(*types.Signature)
		if !isPointer(l.typeOf(x)) {
			x = l.address(x)
		}
		c.Replace(l.call(l.name(Woken), t, l.typeExpr(t), x, l.text(n.Sel.Name)))
	case *ast.TypeAssertExpr:
		n.X = l.unwrapped(n.X)
	}
	l.conversions(c.Node(), func(e *ast.Expr, to types.Type) {
		switch from := l.typeOf(*e); {
		case from == nil || !types.IsInterface(to):
		case !hasMethods(to):
			*e = l.unwrapped(*e)
		case waitsInside.MatchString(types.TypeString(from, nil)) && l.canWrite(to):
			*e = l.call(l.name(Wakened), to, l.typeExpr(to), *e)
		}
	})
}

// unwrapped is what is in an interface, if that may be of a type of the kernel's.
func (l *Lowered) unwrapped(e ast.Expr) ast.Expr {
	face, ok := underlying(l.typeOf(e)).(*types.Interface)
	if !ok {
		return e
	}
	for method := range face.Methods() {
		if waitsByName.MatchString(method.Name()) {
			return l.call(l.name(Unwrapped), l.typeOf(e), e)
		}
	}
	return e
}

var (
	wakable = regexp.MustCompile(`^\(\*(net\.(TCPConn|UDPConn|UnixConn|IPConn|conn|TCPListener|UnixListener)|crypto/tls\.Conn)\)\.(Read|Write|Accept)|` +
		`^\(\*net/http\.Client\)\.(Do|Get|Head|Post|PostForm)$|^\(\*net\.Dialer\)\.(Dial|DialContext)$`)
	waitsInside = regexp.MustCompile(`^\*(net\.(TCPConn|UDPConn|UnixConn|IPConn|TCPListener|UnixListener)|crypto/tls\.Conn)$`)
	waitsByName = regexp.MustCompile(`^(Read|Write|Accept)`)
)
