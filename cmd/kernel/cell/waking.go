package cell

import (
	"context"
	"go/ast"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
)

// Where a cell calls what net.go can wake: functions and methods of packages, of which the
// interpreter gets ours. Read net.go first.

// makeNetStoppable puts ours in the place of functions that wait for the network.
func makeNetStoppable() {
	binds := imports.Packages["net"].Binds
	dial := func(network, address string, timeout time.Duration) (net.Conn, error) {
		return stops.dial(context.Background(), &net.Dialer{Timeout: timeout}, network, address)
	}
	binds["Dial"] = reflect.ValueOf(func(network, address string) (net.Conn, error) { return dial(network, address, 0) })
	binds["DialTimeout"] = reflect.ValueOf(dial)
	binds["DialTCP"] = reflect.ValueOf(func(network string, from, to *net.TCPAddr) (*net.TCPConn, error) {
		if to == nil || !strings.HasPrefix(network, "tcp") {
			return net.DialTCP(network, from, to) // it says what is wrong
		}
		d := net.Dialer{}
		if from != nil {
			d.LocalAddr = from
		}
		c, err := stops.dial(context.Background(), &d, network, to.String())
		if err != nil {
			return nil, err
		}
		return c.(conn).Conn.(*net.TCPConn), nil
	})
	binds["Listen"] = reflect.ValueOf(func(network, address string) (net.Listener, error) {
		l, err := net.Listen(network, address)
		if err != nil {
			return nil, err
		}
		return listener{l}, nil
	})
	binds["ListenPacket"] = reflect.ValueOf(func(network, address string) (net.PacketConn, error) {
		c, err := net.ListenPacket(network, address)
		if err != nil {
			return nil, err
		}
		return packets{c}, nil
	})
	binds = imports.Packages["net/http"].Binds
	client := reflect.ValueOf(http.DefaultClient)
	for _, name := range []string{"Get", "Head", "Post", "PostForm"} {
		binds[name] = wokenMethod(client, name)
	}
}

// wokenMethods are ours, by the types whose methods wait for something else than a deadline.
var wokenMethods = map[reflect.Type]map[string]reflect.Value{
	reflect.TypeFor[*http.Client](): {
		"Do": reflect.ValueOf(stops.do),
		"Get": reflect.ValueOf(func(c *http.Client, url string) (*http.Response, error) {
			return stops.ask(c, "GET", url, "", nil)
		}),
		"Head": reflect.ValueOf(func(c *http.Client, url string) (*http.Response, error) {
			return stops.ask(c, "HEAD", url, "", nil)
		}),
		"Post": reflect.ValueOf(func(c *http.Client, url, kind string, body io.Reader) (*http.Response, error) {
			return stops.ask(c, "POST", url, kind, body)
		}),
		"PostForm": reflect.ValueOf(func(c *http.Client, url string, data url.Values) (*http.Response, error) {
			return stops.ask(c, "POST", url, "application/x-www-form-urlencoded", strings.NewReader(data.Encode()))
		}),
	},
	reflect.TypeFor[*net.Dialer](): {
		"Dial": reflect.ValueOf(func(d *net.Dialer, network, address string) (net.Conn, error) {
			return stops.dial(context.Background(), d, network, address)
		}),
		"DialContext": reflect.ValueOf(func(d *net.Dialer, ctx context.Context, network, address string) (net.Conn, error) {
			return stops.dial(ctx, d, network, address)
		}),
	},
}

// wokenMethod is a method of a compiled value, which the button ends.
func wokenMethod(of reflect.Value, name string) reflect.Value {
	method := of.MethodByName(name)
	if ours := wokenMethods[of.Type()][name]; ours.IsValid() {
		return reflect.MakeFunc(method.Type(), func(args []reflect.Value) []reflect.Value {
			return ours.Call(append([]reflect.Value{of}, args...))
		})
	}
	set := func(time.Time) error { return nil }
	switch of := of.Interface().(type) {
	case net.Conn:
		if set = of.SetReadDeadline; strings.HasPrefix(name, "Write") {
			set = of.SetWriteDeadline
		}
	case interface{ SetDeadline(time.Time) error }:
		set = of.SetDeadline
	}
	return reflect.MakeFunc(method.Type(), func(args []reflect.Value) (results []reflect.Value) {
		stops.by(set, func() { results = callSlice(method, args) })
		return results
	})
}

// waking is the builtin that is a method which the button ends.
func waking() fast.Builtin {
	return fast.Builtin{ArgMin: 3, ArgMax: 3, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		kind, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		name, _ := strconv.Unquote(node.Args[2].(*ast.BasicLit).Value)
		return callOf(c, []*fast.Expr{from}, kind, func(args []reflect.Value) reflect.Value { return wokenMethod(args[0], name) })
	}}
}

// wakened is the builtin that makes an interface of a value, of a type that the button can
// wake if one of ours has all its methods.
func wakened() fast.Builtin {
	return fast.Builtin{ArgMin: 2, ArgMax: 2, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		face, from := c.Type(node.Args[0]), c.Expr1(node.Args[1], nil)
		return callOf(c, []*fast.Expr{from}, face, func(args []reflect.Value) reflect.Value {
			made := reflect.New(face.ReflectType()).Elem()
			made.Set(args[0])
			for _, ours := range oursFor(args[0].Interface()) {
				if reflect.TypeOf(ours).Implements(made.Type()) && !args[0].IsNil() {
					made.Set(reflect.ValueOf(ours))
					break
				}
			}
			return made
		})
	}}
}

// oursFor are what the button can wake in the place of a connection or listener.
func oursFor(v any) (all []any) {
	if c, ok := v.(net.Conn); ok {
		all = append(all, conn{c})
	}
	if c, ok := v.(net.PacketConn); ok {
		all = append(all, packets{c})
	}
	if l, ok := v.(net.Listener); ok {
		all = append(all, listener{l})
	}
	return all
}

// unwrapped is what is in one of ours, as an interface of the same type.
func unwrapped(v reflect.Value) reflect.Value {
	ours, ok := v.Interface().(interface{ inner() any })
	if !ok {
		return v
	}
	made := reflect.New(v.Type()).Elem()
	made.Set(reflect.ValueOf(ours.inner()))
	return made
}
