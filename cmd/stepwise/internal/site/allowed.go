// allowed.go: the elements and attributes that safe.go allows on a page: those that
// prose, tables and drawings need. Before you add one, ask what a stranger could do
// with it.

package site

import (
	"regexp"
	"strings"
)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// elements are allowed on a page, by namespace. Others are left out, but their content
// stays.
var elements = map[string]map[string]bool{
	"": setOf(`a abbr b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt
		em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span
		strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr`),
	"svg": setOf(`svg a circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon
		polyline radialGradient rect stop style symbol text textPath title tspan use`),
}

// dropped elements are left out with their content: none of it is for a reader.
var dropped = setOf(`applet base embed foreignObject frame frameset iframe link meta noembed noframes noscript
	object plaintext script select template textarea xmp`)

// onlyText are the elements of SVG whose content is plain text.
var onlyText = setOf("title desc style")

// everywhere are the attributes that any element may have.
var everywhere = regexp.MustCompile(`^(class|id|title|lang|dir|role|tabindex|style|aria-[a-z]+)$`)

// own are attributes of particular HTML elements.
var own = map[string]string{
	"a": "href", "img": "src alt width height", "details": "open", "ol": "start reversed type", "li": "value",
	"table": "border align width", "td": "colspan rowspan headers align valign", "th": "colspan rowspan headers scope align valign",
	"tr": "align valign", "col": "span width", "colgroup": "span", "time": "datetime", "p": "align", "div": "align",
}

// drawing matches the SVG attributes that say where a shape is and how it looks.
var drawing = regexp.MustCompile(`^(` + strings.Join(strings.Fields(`
	x y d r x1 x2 y1 y2 cx cy rx ry dx dy fx fy width height points viewBox preserveAspectRatio xmlns xmlns:xlink
	version transform rotate offset opacity display visibility overflow cursor direction path[lL]ength
	ref[XY] orient side startOffset spreadMethod textLength lengthAdjust
	(fill|stroke|stop|font|text|marker|clip|mask|color|letter|word|dominant|alignment|baseline|paint|shape|vector|writing|gradient|pattern|clipPath|markerUnits|markerWidth|markerHeight)(-?[a-zA-Z-]+)?`), "|") + `)$`)
