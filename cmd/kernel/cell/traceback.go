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
	allRuns(s.anyRun, func(g uintptr, run *fast.Run) {
		if g == goroutine {
			places = s.places(run.CurrEnv, token.NoPos)
			run.CurrEnv = nil // another goroutine may come to live there
		}
	})
	return places
}

// inside are the places inside of a call from env on, at which a panic went by. They count
// as long as env is where it was then.
type inside struct {
	env    *fast.Env
	ip     int
	places []string
}

// noteInside notes the places from env down to that of the caller, which is compiled code
// that a cell's function has called.
func (s *Session) noteInside(env, caller *fast.Env) {
	now := &inside{env: caller, places: s.placesTo(env, caller)}
	if caller != nil {
		now.ip = caller.IP
	}
	s.inside.Store(now)
}

// longest is how many places a traceback has at most.
const longest = 5

// places are those of an environment of gomacro's and of its callers, in words; outermost
// is that of the cell's own statement, which gomacro doesn't know.
func (s *Session) places(env *fast.Env, outermost token.Pos) string {
	all := s.withPlace(s.placesTo(env, nil), outermost)
	if len(all) == 0 {
		return ""
	}
	if len(all) > longest {
		all = append(all[:longest-1:longest-1], "…", all[len(all)-1])
	}
	return "at " + strings.Join(all, ", called at ")
}

// placesTo are those of an environment and of its callers, up to one.
func (s *Session) placesTo(env, end *fast.Env) (all []string) {
	if in := s.inside.Load(); in != nil && env != nil && in.env == env && in.ip == env.IP {
		all = slices.Clone(in.places)
	}
	for env != nil && env != end && env.CallDepth > 0 {
		if env.IP < len(env.DebugPos) {
			all = s.withPlace(all, env.DebugPos[env.IP])
		}
		for env != nil && env.Caller == nil { // out of the function's blocks
			env = env.Outer
		}
		if env != nil {
			env = env.Caller
		}
	}
	return all
}

// withPlace adds a place, unless it is known or among them.
func (s *Session) withPlace(all []string, p token.Pos) []string {
	at := s.ir.Comp.Fileset.Position(p)
	if place := at.Filename + ":" + strconv.Itoa(at.Line); at.Line > 0 && !slices.Contains(all, place) {
		return append(all, place)
	}
	return all
}
