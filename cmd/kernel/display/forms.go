package display

import (
	"fmt"
	"reflect"
)

// The interfaces by which a value shows itself. A type may have several of the
// methods: each gives one form of the same picture.
type (
	HTMLer       interface{ HTML() string }
	JavaScripter interface{ JavaScript() string }
	JPEGer       interface{ JPEG() []byte }
	JSONer       interface{ JSON() map[string]any }
	Latexer      interface{ Latex() string }
	Markdowner   interface{ Markdown() string }
	PDFer        interface{ PDF() []byte }
	PNGer        interface{ PNG() []byte }
	SVGer        interface{ SVG() string }

	// Renderer gives all forms at once.
	Renderer interface{ Render() Data }
	// SimpleRenderer is Renderer without metadata.
	SimpleRenderer interface{ SimpleRender() MIMEMap }
)

// A Form is one way for a value to show itself.
type Form struct {
	Interface reflect.Type         // what the value must satisfy
	of        func(value any) Data // value satisfies Interface
}

// Forms are all ways for a value to show itself. The interpreter asks a cell's own types
// for them one by one, because compiled code can't see their methods.
var Forms = []Form{
	form(func(v HTMLer) Data { return HTML(v.HTML()) }),
	form(func(v JavaScripter) Data { return JavaScript(v.JavaScript()) }),
	form(func(v JPEGer) Data { return JPEG(v.JPEG()) }),
	form(func(v JSONer) Data { return JSON(v.JSON()) }),
	form(func(v Latexer) Data { return Latex(v.Latex()) }),
	form(func(v Markdowner) Data { return Markdown(v.Markdown()) }),
	form(func(v PDFer) Data { return PDF(v.PDF()) }),
	form(func(v PNGer) Data { return PNG(v.PNG()) }),
	form(func(v SVGer) Data { return SVG(v.SVG()) }),
	form(func(v Renderer) Data { return v.Render() }),
	form(func(v SimpleRenderer) Data { return MIME(v.SimpleRender(), nil) }),
	form(Image),
}

func form[I any](of func(I) Data) Form {
	return Form{reflect.TypeFor[I](), func(value any) Data { return of(value.(I)) }}
}

// Add puts what value shows of itself in this form into data. It reports false if value
// has no such form.
func (f Form) Add(data *Data, value any) bool {
	if value == nil || !reflect.TypeOf(value).Implements(f.Interface) {
		return false
	}
	more := f.of(value)
	for mimeType, content := range more.Data {
		if mimeType != MIMETypeText {
			put(&data.Data, mimeType, content)
		}
	}
	for mimeType, content := range more.Metadata {
		put(&data.Metadata, mimeType, content)
	}
	return true
}

func put(to *MIMEMap, key string, value any) {
	if *to == nil {
		*to = MIMEMap{}
	}
	(*to)[key] = value
}

// Of returns value as it shows itself, in all its forms: nothing for nil, and text for a
// value that has no picture. The methods may be those of a pointer to the value.
func Of(value any) Data {
	if data, ok := value.(Data); ok {
		return data
	}
	if value == nil {
		return Data{}
	}
	var data Data
	candidates := []any{value}
	if kind := reflect.TypeOf(value); kind.Kind() == reflect.Struct {
		pointer := reflect.New(kind)
		pointer.Elem().Set(reflect.ValueOf(value))
		candidates = append(candidates, pointer.Interface())
	}
	for _, candidate := range candidates {
		for _, f := range Forms {
			f.Add(&data, candidate)
		}
		if len(data.Data) > 0 {
			break
		}
	}
	put(&data.Data, MIMETypeText, fmt.Sprint(value))
	return data
}

// Auto is Of, by gophernotes' name.
func Auto(value any) Data { return Of(value) }

// Any is content of a MIME type.
func Any(mimeType string, content any) Data {
	if mimeType == "" {
		return Of(content)
	}
	return MakeData(mimeType, content)
}
