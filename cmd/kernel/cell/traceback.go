package cell

import (
	"go/token"
	"slices"
	"strconv"
	"strings"

	breflect "github.com/cosmos72/gomacro/base/reflect"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"
)

// A part is a piece of a cell that has been compiled.
type part struct {
	code *fast.Expr
	at   token.Pos // where it begins in the cell
}

// run runs a part, and returns its values. If it panics, s.traceback says where.
func (s *Session) run(ir *fast.Interp, p part) ([]xreflect.Value, []xreflect.Type) {
	env := ir.PrepareEnv()
	if p.code.Untyped() {
		p.code.ConstTo(p.code.DefaultType())
	}
	caller := env.Run.CurrEnv
	env.Run.CurrEnv = env
	returned := false
	defer func() {
		if !returned { // gomacro has not gone back to the callers yet
			s.traceback = s.places(env.Run.CurrEnv, p.at)
		}
		env.Run.CurrEnv = caller
	}()
	value, values := p.code.AsXV(fast.COptKeepUntyped)(env)
	returned = true
	return breflect.PackValues(value, values), breflect.PackTypes(p.code.Type, p.code.Types)
}

// placesOf are the places at which a goroutine that a cell has started has panicked.
func (s *Session) placesOf(goroutine uintptr) (places string) {
	allRuns(s.worker.mine, func(g uintptr, run *fast.Run) {
		if g == goroutine {
			places = s.places(run.CurrEnv, token.NoPos)
			run.CurrEnv = nil // another goroutine may come to live there
		}
	})
	return places
}

// longest is how many places a traceback has at most.
const longest = 5

// places are those of an environment of gomacro's and of its callers, in words; outermost
// is that of the cell's own statement, which gomacro doesn't know.
func (s *Session) places(env *fast.Env, outermost token.Pos) string {
	var all []string
	add := func(p token.Pos) {
		at := s.ir.Comp.Fileset.Position(p)
		if at.Line == 0 {
			return
		}
		if place := at.Filename + ":" + strconv.Itoa(at.Line); !slices.Contains(all, place) {
			all = append(all, place)
		}
	}
	for env != nil && env.CallDepth > 0 {
		if env.IP < len(env.DebugPos) {
			add(env.DebugPos[env.IP])
		}
		for env != nil && env.Caller == nil { // out of the function's blocks
			env = env.Outer
		}
		if env != nil {
			env = env.Caller
		}
	}
	add(outermost)
	if len(all) == 0 {
		return ""
	}
	if len(all) > longest {
		all = append(all[:longest-1:longest-1], "…", all[len(all)-1])
	}
	return "at " + strings.Join(all, ", called at ")
}
