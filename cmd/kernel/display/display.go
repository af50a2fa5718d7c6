// Package display is how a cell shows more than text: a picture, a table, a
// formula, prose with headings.
//
// A value shows itself. Give its type a method SVG, HTML, Markdown, PNG or one of
// the others in forms.go, in a compiled package or in a cell, and let a cell end
// with it. Without a type of your own, end the cell with what one of the functions
// here returns:
//
//	display.Markdown("# *Done*")
//
// In the middle of a cell Show shows it, and an Updatable changes what is there.
//
// The names and the shape of Data are those of gophernotes.
package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"os"
	"strings"
)

// The kinds of pictures that Jupyter's fronts know.
const (
	MIMETypeHTML       = "text/html"
	MIMETypeJavaScript = "application/javascript"
	MIMETypeJPEG       = "image/jpeg"
	MIMETypeJSON       = "application/json"
	MIMETypeLatex      = "text/latex"
	MIMETypeMarkdown   = "text/markdown"
	MIMETypePDF        = "application/pdf"
	MIMETypePNG        = "image/png"
	MIMETypeSVG        = "image/svg+xml"
	MIMETypeText       = "text/plain"
)

// MIMEMap holds one thing in several forms, by their MIME types. A front shows the
// best that it can; text/plain is for those that can show nothing else.
type MIMEMap = map[string]any

// Data is what a front gets to show.
type Data = struct {
	Data      MIMEMap
	Metadata  MIMEMap // by MIME type too: a picture's width and height
	Transient MIMEMap // not kept in the notebook: display_id
}

// MIME is Data with all its forms given.
func MIME(data, metadata MIMEMap) Data { return Data{Data: data, Metadata: metadata} }

// MakeData is one form of something; its text is what fmt prints of it.
func MakeData(mimeType string, data any) Data {
	return MakeData3(mimeType, fmt.Sprint(data), data)
}

// MakeData3 is MakeData with a text of its own, for readers who can't see the picture.
func MakeData3(mimeType, text string, data any) Data {
	return Data{Data: MIMEMap{MIMETypeText: text, mimeType: data}}
}

// HTML shows HTML.
func HTML(html string) Data { return MakeData(MIMETypeHTML, html) }

// JavaScript runs in the reader's browser, where the front allows it.
func JavaScript(script string) Data { return MakeData(MIMETypeJavaScript, script) }

// JSON shows a tree that can be folded.
func JSON(tree map[string]any) Data { return MakeData(MIMETypeJSON, tree) }

// Markdown shows prose.
func Markdown(markdown string) Data { return MakeData(MIMETypeMarkdown, markdown) }

// SVG shows a drawing.
func SVG(svg string) Data { return MakeData(MIMETypeSVG, svg) }

// PNG shows a picture in that format.
func PNG(picture []byte) Data { return binary(MIMETypePNG, picture) }

// JPEG shows a picture in that format.
func JPEG(picture []byte) Data { return binary(MIMETypeJPEG, picture) }

// PDF shows a document.
func PDF(document []byte) Data { return binary(MIMETypePDF, document) }

// binary is for bytes that nobody wants to read as text.
func binary(mimeType string, content []byte) Data {
	return MakeData3(mimeType, fmt.Sprintf("%s, %d bytes", mimeType, len(content)), content)
}

// Latex shows a formula within the line.
func Latex(formula string) Data {
	return MakeData3(MIMETypeLatex, formula, "$"+strings.Trim(formula, "$")+"$")
}

// Math shows a formula that stands alone.
func Math(formula string) Data {
	return MakeData3(MIMETypeLatex, formula, "$$"+strings.Trim(formula, "$")+"$$")
}

// Image shows a picture, as PNG.
func Image(picture image.Image) Data {
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		return MakeData(MIMETypeText, fmt.Sprintf("display: Image: %v", err))
	}
	data := PNG(encoded.Bytes())
	size := picture.Bounds()
	data.Metadata = MIMEMap{MIMETypePNG: MIMEMap{"width": size.Dx(), "height": size.Dy()}}
	return data
}

// File shows a file; an empty MIME type is guessed from its content.
func File(mimeType, path string) (Data, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return Data{}, fmt.Errorf("display: File: %w", err)
	}
	if mimeType == "" {
		mimeType = http.DetectContentType(content)
	}
	if strings.HasPrefix(mimeType, "text/") || mimeType == MIMETypeSVG {
		return MakeData(mimeType, string(content)), nil
	}
	return binary(mimeType, content), nil
}
