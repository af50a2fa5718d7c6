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

func TestFuncName(t *testing.T) {
	assert.Equal(t, "probe.TestFuncName", FuncName(TestFuncName))
	assert.Equal(t, "probe.Site.Note", FuncName((*Site)(nil).Note))
	assert.Equal(t, "probe.TestFuncName.func1", FuncName(func() {}))
	assert.Empty(t, FuncName((func())(nil)))
	assert.Empty(t, FuncName(3))
	assert.Empty(t, FuncName(nil))
	made := reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { return nil })
	assert.Empty(t, FuncName(made.Interface()), "reflection has made it")
}
