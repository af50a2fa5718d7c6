package cell

import (
	"go/ast"
	"math"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/lower"
)

// Types of which cells' types are made, so that each differs from all others in an
// interface. There is one of each kind for every N.
type (
	ofBool[N any]       bool
	ofInt[N any]        int
	ofInt8[N any]       int8
	ofInt16[N any]      int16
	ofInt32[N any]      int32
	ofInt64[N any]      int64
	ofUint[N any]       uint
	ofUint8[N any]      uint8
	ofUint16[N any]     uint16
	ofUint32[N any]     uint32
	ofUint64[N any]     uint64
	ofUintptr[N any]    uintptr
	ofFloat32[N any]    float32
	ofFloat64[N any]    float64
	ofComplex64[N any]  complex64
	ofComplex128[N any] complex128
	ofString[N any]     string
	ofStruct[N any]     struct{}
)

// ofEach are the types for one N, by their kinds.
func ofEach[N any]() map[reflect.Kind]reflect.Type {
	all := make(map[reflect.Kind]reflect.Type)
	for _, t := range []reflect.Type{
		reflect.TypeFor[ofBool[N]](), reflect.TypeFor[ofInt[N]](), reflect.TypeFor[ofInt8[N]](), reflect.TypeFor[ofInt16[N]](),
		reflect.TypeFor[ofInt32[N]](), reflect.TypeFor[ofInt64[N]](), reflect.TypeFor[ofUint[N]](), reflect.TypeFor[ofUint8[N]](),
		reflect.TypeFor[ofUint16[N]](), reflect.TypeFor[ofUint32[N]](), reflect.TypeFor[ofUint64[N]](), reflect.TypeFor[ofUintptr[N]](),
		reflect.TypeFor[ofFloat32[N]](), reflect.TypeFor[ofFloat64[N]](), reflect.TypeFor[ofComplex64[N]](), reflect.TypeFor[ofComplex128[N]](),
		reflect.TypeFor[ofString[N]](), reflect.TypeFor[ofStruct[N]](),
	} {
		all[t.Kind()] = t
	}
	return all
}

// owns are the types for all N. Nobody notices that they are used again after so many
// types of one kind, but for the name that %T says of a very old one.
var owns = []map[reflect.Kind]reflect.Type{
	ofEach[[0]int](), ofEach[[1]int](), ofEach[[2]int](), ofEach[[3]int](), ofEach[[4]int](), ofEach[[5]int](), ofEach[[6]int](), ofEach[[7]int](),
	ofEach[[8]int](), ofEach[[9]int](), ofEach[[10]int](), ofEach[[11]int](), ofEach[[12]int](), ofEach[[13]int](), ofEach[[14]int](), ofEach[[15]int](),
	ofEach[[16]int](), ofEach[[17]int](), ofEach[[18]int](), ofEach[[19]int](), ofEach[[20]int](), ofEach[[21]int](), ofEach[[22]int](), ofEach[[23]int](),
	ofEach[[24]int](), ofEach[[25]int](), ofEach[[26]int](), ofEach[[27]int](), ofEach[[28]int](), ofEach[[29]int](), ofEach[[30]int](), ofEach[[31]int](),
}

var owned [reflect.UnsafePointer + 1]atomic.Int32 // how many of a kind are in use

// ownType is the next type of a kind.
func ownType(kind reflect.Kind) reflect.Type {
	return owns[int(owned[kind].Add(1)-1)%len(owns)][kind]
}

// owners are the types of cells, by what reflect has for each.
var owners sync.Map // of reflect.Type to xreflect.Type

// composites is the same for types that are made of them.
var composites sync.Map

// register notes a type that a cell declares.
func register(t xreflect.Type) {
	if t != nil && t.Named() && ofOne(t.ReflectType()) {
		owners.Store(t.ReflectType(), t)
		composites.Clear()
	}
}

// ofOne reports whether values of a type are of one cell's type.
func ofOne(t reflect.Type) bool {
	switch {
	case t.Name() != "":
		return t.PkgPath() == reflect.TypeFor[Session]().PkgPath()
	case t.Kind() == reflect.Struct && t.NumField() > 0:
		_, ok := t.Field(0).Tag.Lookup(lower.TagKey)
		return ok
	}
	return false
}

// ownerOf is the cell's type that a value has of which only reflect's type is known; nil
// if it has none.
func ownerOf(t reflect.Type) (owner xreflect.Type) {
	for _, known := range []*sync.Map{&owners, &composites} {
		if owner, ok := known.Load(t); ok {
			return owner.(xreflect.Type)
		}
	}
	if t.Name() != "" || !madeOf(t, ofOne) {
		return nil
	}
	alone(func() { owner = ownerAlone(t) })
	if owner != nil {
		composites.Store(t, owner)
	}
	return owner
}

// madeOf reports whether what a pointer, list or map has in it is of a type that fits.
func madeOf(t reflect.Type, fits func(reflect.Type) bool) bool {
	if fits(t) || t.Name() != "" {
		return fits(t)
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return madeOf(t.Elem(), fits)
	case reflect.Map:
		return madeOf(t.Key(), fits) || madeOf(t.Elem(), fits)
	}
	return false
}

func ownerAlone(t reflect.Type) xreflect.Type {
	if known, ok := owners.Load(t); ok || t.Name() != "" {
		owner, _ := known.(xreflect.Type)
		return owner
	}
	var elem xreflect.Type
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		if elem = ownerAlone(t.Elem()); elem == nil {
			return nil
		}
		u := elem.Universe()
		switch t.Kind() {
		case reflect.Pointer:
			return u.PtrTo(elem)
		case reflect.Slice:
			return u.SliceOf(elem)
		}
		return u.ArrayOf(t.Len(), elem)
	case reflect.Map:
		key, elem := ownerAlone(t.Key()), ownerAlone(t.Elem())
		switch {
		case key == nil && elem == nil:
			return nil
		case key == nil:
			key = elem.Universe().FromReflectType(t.Key())
		case elem == nil:
			elem = key.Universe().FromReflectType(t.Elem())
		}
		return key.Universe().MapOf(key, elem)
	}
	return nil
}

// registering is the builtin that notes a type that a function declares.
func registering() fast.Builtin {
	nothing := func() {}
	return fast.Builtin{ArgMin: 1, ArgMax: math.MaxUint16, Compile: func(c *fast.Comp, _ fast.Symbol, node *ast.CallExpr) *fast.Call {
		for _, e := range node.Args {
			register(c.Type(e))
		}
		return &fast.Call{Fun: &fast.Expr{Lit: fast.Lit{Type: c.TypeOf(nothing)}, Fun: func(*fast.Env) xreflect.Value { return xreflect.ValueOf(nothing) }}}
	}}
}
