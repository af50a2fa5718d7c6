package probe

import (
	"reflect"
	"runtime"
	"strings"
)

// FuncName is the name under which fn was declared, without its folder:
// "sock.Socket.wait". It is empty if fn is not a function, or was made by reflection.
func FuncName(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	f := runtime.FuncForPC(v.Pointer())
	if f == nil || f.Name() == "reflect.makeFuncStub" {
		return ""
	}
	return Short(f.Name())
}

// Short is a function's full name without its folder and the compiler's marks:
// stepwise/pkg/sock.(*Socket).wait-fm becomes sock.Socket.wait.
func Short(function string) string {
	return marks.Replace(function[strings.LastIndexByte(function, '/')+1:])
}

var marks = strings.NewReplacer("(*", "", "(", "", ")", "", "-fm", "", "[...]", "")
