package probe

import (
	"reflect"
	"runtime"
	"strings"
)

// FuncName is the name under which fn was declared, without its folder:
// "sock.Socket.wait"; for a function of a notebook's cell it is CellFunc. It is empty if
// fn is not a function.
func FuncName(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	name := runtime.FuncForPC(v.Pointer()).Name()
	if Interpreted(name) {
		return CellFunc
	}
	return Short(name)
}

// CellFunc is the FuncName of a function that a notebook's cell defines.
const CellFunc = "a cell's function"

// interpreterModule is the interpreter of the notebooks' cells. It is a string, since pkg/
// doesn't depend on that module and so can't take it from a type. A test checks it
// against go.mod.
const interpreterModule = "github.com/cosmos72/gomacro"

// bridge is the package where compiled code enters the interpreter, with a point behind it;
// empty if there is none.
var bridge string

// Bridge names the package whose functions stand between compiled code and a cell's
// function, by its path, so that its frames are left out like the interpreter's. Only an
// init function of that package may call it.
func Bridge(path string) { bridge = path + "." }

// Interpreted reports whether function, by its full name, runs part of a cell. The
// interpreter runs a cell's function as many small functions of its own, or as one made by
// reflect, for a named type such as coro.Body and for rare parameters.
func Interpreted(function string) bool {
	return strings.HasPrefix(function, interpreterModule+"/") || bridge != "" && strings.HasPrefix(function, bridge) || function == "reflect.makeFuncStub"
}

// Short is a function's full name without its folder and the compiler's marks:
// stepwise/pkg/sock.(*Socket).wait-fm becomes sock.Socket.wait.
func Short(function string) string {
	return marks.Replace(function[strings.LastIndexByte(function, '/')+1:])
}

var marks = strings.NewReplacer("(*", "", "(", "", ")", "", "-fm", "", "[...]", "")
