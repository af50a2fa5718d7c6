package probe

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWithoutInterpreter(t *testing.T) {
	frame := func(function string) string { return function + "(0x1, {0x2?, 0x3})\n\t/folder/file.go:12 +0x1c\n" }
	const head = "goroutine 9 [running]:\n"
	cell, reflects, round := frame(interpreterModule+"/fast.(*Code).Exec"), frame("reflect.Value.Field"), frame("stepwise/pkg/loop.(*Loop).round")
	cases := []struct{ name, stack, want string }{
		{"no interpreter", head + reflects + round, head + reflects + round},
		{"its frames, and those of reflect", head + frame("panic") + reflects + cell + round + cell, head + frame("panic") + round},
		{"what runs the interpreter", head + round + cell + frame("main.main") + "created by main.run in goroutine 6\n\t/folder/main.go:57 +0x9f\n", head + round},
		{"words above it", "panic serving: x\n" + head + frame("net/http.(*conn).serve.func1") + cell + frame("net/http.(*conn).serve"), "panic serving: x\n" + head + frame("net/http.(*conn).serve.func1")},
		{"a function of the reader's that has such a name in its own", head + frame("main.reflect.f") + cell, head + frame("main.reflect.f")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, WithoutInterpreter(c.stack)) })
	}
	assert.Contains(t, string(Stack()), "probe.TestWithoutInterpreter(")
}
