//go:build stepwise_kernel

package main

import (
	"image"
	"image/color"
	"reflect"

	"github.com/cosmos72/gomacro/imports"
)

// Package display, as a cell sees it: the functions and interfaces by which a
// value shows itself as a picture, a table or a formula. gophernotes brings a
// table of its own, whose proxy for JSONer has a method of the wrong type; the
// interpreter refuses such a proxy nowadays, so this one takes its place.
func init() {
	display := imports.Package{
		Name: "display",
		Binds: map[string]reflect.Value{
			"Any":        reflect.ValueOf(Any),
			"Auto":       reflect.ValueOf(Auto),
			"File":       reflect.ValueOf(File),
			"HTML":       reflect.ValueOf(HTML),
			"Image":      reflect.ValueOf(Image),
			"JPEG":       reflect.ValueOf(JPEG),
			"JSON":       reflect.ValueOf(JSON),
			"JavaScript": reflect.ValueOf(JavaScript),
			"Latex":      reflect.ValueOf(Latex),
			"MIME":       reflect.ValueOf(MIME),
			"MakeData":   reflect.ValueOf(MakeData),
			"MakeData3":  reflect.ValueOf(MakeData3),
			"Markdown":   reflect.ValueOf(Markdown),
			"Math":       reflect.ValueOf(Math),
			"PDF":        reflect.ValueOf(PDF),
			"PNG":        reflect.ValueOf(PNG),
			"SVG":        reflect.ValueOf(SVG),

			"MIMETypeHTML":       reflect.ValueOf(MIMETypeHTML),
			"MIMETypeJPEG":       reflect.ValueOf(MIMETypeJPEG),
			"MIMETypeJSON":       reflect.ValueOf(MIMETypeJSON),
			"MIMETypeJavaScript": reflect.ValueOf(MIMETypeJavaScript),
			"MIMETypeLatex":      reflect.ValueOf(MIMETypeLatex),
			"MIMETypeMarkdown":   reflect.ValueOf(MIMETypeMarkdown),
			"MIMETypePDF":        reflect.ValueOf(MIMETypePDF),
			"MIMETypePNG":        reflect.ValueOf(MIMETypePNG),
			"MIMETypeSVG":        reflect.ValueOf(MIMETypeSVG),
			"MIMETypeText":       reflect.ValueOf(MIMETypeText),
		},
		Types: map[string]reflect.Type{
			"Data":           reflect.TypeFor[Data](),
			"HTMLer":         reflect.TypeFor[HTMLer](),
			"Image":          reflect.TypeFor[image.Image](),
			"JPEGer":         reflect.TypeFor[JPEGer](),
			"JSONer":         reflect.TypeFor[JSONer](),
			"JavaScripter":   reflect.TypeFor[JavaScripter](),
			"Latexer":        reflect.TypeFor[Latexer](),
			"MIMEMap":        reflect.TypeFor[MIMEMap](),
			"Markdowner":     reflect.TypeFor[Markdowner](),
			"PDFer":          reflect.TypeFor[PDFer](),
			"PNGer":          reflect.TypeFor[PNGer](),
			"Renderer":       reflect.TypeFor[Renderer](),
			"SVGer":          reflect.TypeFor[SVGer](),
			"SimpleRenderer": reflect.TypeFor[SimpleRenderer](),
		},
		Proxies: map[string]reflect.Type{
			"HTMLer":         reflect.TypeFor[htmlProxy](),
			"Image":          reflect.TypeFor[imageProxy](),
			"JPEGer":         reflect.TypeFor[jpegProxy](),
			"JSONer":         reflect.TypeFor[jsonProxy](),
			"JavaScripter":   reflect.TypeFor[javaScriptProxy](),
			"Latexer":        reflect.TypeFor[latexProxy](),
			"Markdowner":     reflect.TypeFor[markdownProxy](),
			"PDFer":          reflect.TypeFor[pdfProxy](),
			"PNGer":          reflect.TypeFor[pngProxy](),
			"Renderer":       reflect.TypeFor[rendererProxy](),
			"SVGer":          reflect.TypeFor[svgProxy](),
			"SimpleRenderer": reflect.TypeFor[simpleRendererProxy](),
		},
	}
	imports.Packages["display"] = display
	imports.Packages["github.com/gopherdata/gophernotes"] = display
}

// The proxies let a type that a cell defines show itself. Each holds the value
// and its methods; gomacro fills the fields, and wants them in alphabetical order.

type htmlProxy struct {
	Object any
	HTML_  func(object any) string
}

func (p *htmlProxy) HTML() string { return p.HTML_(p.Object) }

type javaScriptProxy struct {
	Object      any
	JavaScript_ func(object any) string
}

func (p *javaScriptProxy) JavaScript() string { return p.JavaScript_(p.Object) }

type jpegProxy struct {
	Object any
	JPEG_  func(object any) []byte
}

func (p *jpegProxy) JPEG() []byte { return p.JPEG_(p.Object) }

type jsonProxy struct {
	Object any
	JSON_  func(object any) map[string]any
}

func (p *jsonProxy) JSON() map[string]any { return p.JSON_(p.Object) }

type latexProxy struct {
	Object any
	Latex_ func(object any) string
}

func (p *latexProxy) Latex() string { return p.Latex_(p.Object) }

type markdownProxy struct {
	Object    any
	Markdown_ func(object any) string
}

func (p *markdownProxy) Markdown() string { return p.Markdown_(p.Object) }

type pdfProxy struct {
	Object any
	PDF_   func(object any) []byte
}

func (p *pdfProxy) PDF() []byte { return p.PDF_(p.Object) }

type pngProxy struct {
	Object any
	PNG_   func(object any) []byte
}

func (p *pngProxy) PNG() []byte { return p.PNG_(p.Object) }

type svgProxy struct {
	Object any
	SVG_   func(object any) string
}

func (p *svgProxy) SVG() string { return p.SVG_(p.Object) }

type rendererProxy struct {
	Object  any
	Render_ func(object any) Data
}

func (p *rendererProxy) Render() Data { return p.Render_(p.Object) }

type simpleRendererProxy struct {
	Object        any
	SimpleRender_ func(object any) MIMEMap
}

func (p *simpleRendererProxy) SimpleRender() MIMEMap { return p.SimpleRender_(p.Object) }

type imageProxy struct {
	Object      any
	At_         func(object any, x, y int) color.Color
	Bounds_     func(object any) image.Rectangle
	ColorModel_ func(object any) color.Model
}

func (p *imageProxy) At(x, y int) color.Color { return p.At_(p.Object, x, y) }
func (p *imageProxy) Bounds() image.Rectangle { return p.Bounds_(p.Object) }
func (p *imageProxy) ColorModel() color.Model { return p.ColorModel_(p.Object) }
