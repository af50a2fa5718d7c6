package probe

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShort(t *testing.T) {
	for name, want := range map[string]string{
		"stepwise/pkg/sock.(*Socket).wait-fm":      "sock.Socket.wait",
		"stepwise/pkg/task.Task.x":                 "task.Task.x",
		"main.main.func1":                          "main.main.func1",
		"example.org/a.b/c.Map[...]":               "c.Map",
		"stepwise/pkg/loop.(*Loop).Run.gowrap1":    "loop.Loop.Run.gowrap1",
		"stepwise/pkg/stages/futures.(*F).read-fm": "futures.F.read",
	} {
		assert.Equal(t, want, Short(name))
	}
}

func TestInterpreted(t *testing.T) {
	defer func(before string) { bridge = before }(bridge)
	Bridge("example.org/kernel")
	for name, want := range map[string]bool{
		interpreterModule + "/fast.(*Comp).x.func1":    true,
		"reflect.makeFuncStub":                         true,
		"example.org/kernel.(*Session).border":         true,
		"example.org/kernels.F":                        false,
		interpreterModule + "s/fast.x":                 false,
		"example.org/" + interpreterModule + "/fast.x": false,
		"reflect.Value.Call":                           false,
		"main.main":                                    false,
		"":                                             false,
	} {
		assert.Equal(t, want, Interpreted(name), name)
	}
}

func TestFuncName(t *testing.T) {
	assert.Equal(t, "probe.TestFuncName", FuncName(TestFuncName))
	assert.Equal(t, "probe.says.Noted", FuncName((*says)(nil).Noted))
	assert.Equal(t, "probe.TestFuncName.func1", FuncName(func() {}))
	assert.Empty(t, FuncName((func())(nil)))
	assert.Empty(t, FuncName(3))
	assert.Empty(t, FuncName(nil))
	made := reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { return nil })
	assert.Equal(t, CellFunc, FuncName(made.Interface()), "as the interpreter makes it")
}
