package cell

// This is the only file that reaches into what gomacro does not export, and the only
// one under cmd/kernel that imports unsafe. go.mod pins gomacro's version, and init
// checks that everything is where this file looks for it.

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/cosmos72/gomacro/atomic"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// runsLayout is how gomacro's IrGlobals begins. It exports no way to find all
// Runs.
type runsLayout struct {
	gls  map[uintptr]*fast.Run
	lock atomic.SpinLock
}

// typeLayout lists the fields of gomacro's own type that are written here.
var typeLayout = map[string]reflect.Type{
	"option": reflect.TypeFor[xreflect.Option](),
	"cache": reflect.TypeFor[struct {
		field  map[xreflect.QName]xreflect.StructField
		method map[xreflect.QName]xreflect.Method
	}](),
}

func init() {
	if err := checkRuns(reflect.TypeFor[fast.IrGlobals]()); err != nil {
		panic(err)
	}
	if env, ok := reflect.TypeFor[fast.Interp]().FieldByName("env"); !ok || env.Type != reflect.TypeFor[*fast.Env]() {
		panic("cell: gomacro's Interp has another layout: mend environment in gomacro.go")
	}
	if err := checkType(reflect.TypeFor[xreflect.Type]().Out(0).Elem()); err != nil {
		panic(err)
	}
}

// checkRuns compares gomacro's IrGlobals with runsLayout.
func checkRuns(have reflect.Type) error {
	want := reflect.TypeFor[runsLayout]()
	for i := range want.NumField() {
		h, w := have.Field(i), want.Field(i)
		if h.Name != w.Name || h.Type != w.Type || h.Offset != w.Offset {
			return fmt.Errorf("cell: gomacro's IrGlobals has another layout: mend runsLayout in gomacro.go")
		}
	}
	return nil
}

// checkType compares the struct behind gomacro's types with typeLayout. An
// anonymous struct of another package is never identical to ours, so its fields
// are compared one by one.
func checkType(have reflect.Type) error {
	for name, want := range typeLayout {
		field, ok := have.FieldByName(name)
		if !ok || !alikeFields(field.Type, want) {
			return fmt.Errorf("cell: gomacro's types have another layout: mend typeLayout in gomacro.go for the field %s", name)
		}
	}
	return nil
}

func alikeFields(have, want reflect.Type) bool {
	if have == want {
		return true
	}
	if have.Kind() != reflect.Struct || want.Kind() != reflect.Struct || have.NumField() != want.NumField() {
		return false
	}
	for i := range have.NumField() {
		if have.Field(i).Name != want.Field(i).Name || have.Field(i).Type != want.Field(i).Type {
			return false
		}
	}
	return true
}

// allRuns calls each for every goroutine that ever ran interpreted code.
func allRuns(any *fast.Run, each func(goroutine uintptr, run *fast.Run)) {
	all := (*runsLayout)(unsafe.Pointer(any.IrGlobals))
	all.lock.Lock()
	defer all.lock.Unlock()
	for goroutine, run := range all.gls {
		each(goroutine, run)
	}
	runtime.KeepAlive(any)
}

// runOf is what gomacro keeps of a goroutine; nil if that has not run a cell's code.
func runOf(any *fast.Run, goroutine uintptr) *fast.Run {
	all := (*runsLayout)(unsafe.Pointer(any.IrGlobals))
	all.lock.Lock()
	defer all.lock.Unlock()
	return all.gls[goroutine]
}

// environment is where the cells' variables are. PrepareEnv returns it too, but takes down
// the flag of the goroutine that had it last.
func environment(ir *fast.Interp) *fast.Env {
	return unexported(reflect.ValueOf(ir).Elem(), "env").Interface().(*fast.Env)
}

// structOf is the struct behind a type of gomacro's: t is a function that returns a
// pointer to it.
func structOf(t xreflect.Type) reflect.Value {
	get := reflect.ValueOf(t)
	return get.Call([]reflect.Value{reflect.Zero(get.Type().In(0))})[0].Elem()
}

// unexported is a field of an addressable struct, to be read and written.
func unexported(of reflect.Value, name string) reflect.Value {
	field := of.FieldByName(name)
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

// finish marks t as completely known.
func finish(t xreflect.Type) {
	unexported(structOf(t), "option").Set(reflect.ValueOf(xreflect.OptDefault))
}

// copyOf is a copy of a type, without what gomacro has cached of its fields and
// methods: gomacro forgets caches only where it remembers to have filled some.
func copyOf(t xreflect.Type) reflect.Value {
	saved := reflect.New(structOf(t).Type()).Elem()
	saved.Set(structOf(t))
	unexported(saved, "cache").SetZero()
	return saved
}
