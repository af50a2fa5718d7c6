package trace

import (
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type owner struct{ o *Origins }

func (w owner) Origins() *Origins { return w.o }

func TestOrigins(t *testing.T) {
	t.Run("off_everything_is_nil_and_does_nothing", func(t *testing.T) {
		require.Zero(t, debugging.Load())
		o := OriginsOf(owner{})
		require.Nil(t, o)
		origin := o.Here("future")
		require.Nil(t, origin)
		require.Empty(t, origin.String())
		what, by := origin.Parts()
		require.Empty(t, what+by)
		origin.Spawned(t.Run)
		origin.Looked()
		origin.Runs()
		origin.Opened("fd")
		origin.Left()
		origin.Closed()
		require.Equal(t, assert.AnError, origin.Of(assert.AnError))
		require.Nil(t, o.Stepped())
		awaited, closed := o.Forgotten()
		require.Empty(t, awaited)
		require.Empty(t, closed)
		o.Close()
		require.Zero(t, debugging.Load())
	})
	t.Run("on_as_long_as_somebody_debugs", func(t *testing.T) {
		o := NewOrigins()
		require.Nil(t, OriginsOf("no loop"))
		require.Same(t, o, OriginsOf(owner{o}))
		origin := o.Here("future")
		require.Regexp(t, `^future made by trace.TestOrigins.func2 at .*origin_test.go:\d+$`, origin.String())
		bad := errors.New("bad")
		require.ErrorIs(t, origin.Of(bad), bad)
		require.NoError(t, origin.Of(nil))
		origin.Runs()
		require.Same(t, origin, o.Stepped())
		require.Nil(t, o.Stepped())
		o.Close()
		require.Zero(t, debugging.Load())
	})
}

// TestNameOfAReflectedFunction: so the interpreter hands a cell's function over
// where a named function type is wanted.
func TestNameOfAReflectedFunction(t *testing.T) {
	fn := reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { return nil })
	require.Equal(t, "a cell's function", FuncName(fn.Interface()))
}
