package ui

import (
	"context"
	"math"
	"strconv"
	"strings"

	"parley"
)

// Series is a row of values of a chart, one for each moment.
type Series struct {
	Name   string
	Tone   Tone
	Values []float64
}

// The size of a chart in its own units, and the room around what is drawn.
const (
	chartWidth, chartHeight = 640.0, 180.0
	chartLeft, chartTop     = 40.0, 8.0
	chartRight, chartBottom = 8.0, 22.0
)

// plot is a chart laid out.
type plot struct {
	moments []parley.Time
	series  []Series
	most    float64
	unit    string
}

func newPlot(moments []parley.Time, series []Series, stacked bool, unit string) plot {
	most := 0.0
	for i := range moments {
		sum := 0.0
		for _, s := range series {
			if stacked {
				sum += s.Values[i]
			} else {
				sum = max(sum, s.Values[i])
			}
		}
		most = max(most, sum)
	}
	return plot{moments, series, ceiling(most), unit}
}

// ceiling is the next number above that is easy to read.
func ceiling(v float64) float64 {
	if v <= 0 {
		return 1
	}
	size := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 2.5, 5, 10} {
		if v <= step*size {
			return step * size
		}
	}
	return 10 * size
}

func (p plot) x(i int) float64 {
	return chartLeft + (chartWidth-chartLeft-chartRight)*float64(i)/float64(len(p.moments))
}

func (p plot) width() float64 { return (chartWidth - chartLeft - chartRight) / float64(len(p.moments)) }

func (p plot) y(v float64) float64 {
	return chartTop + (chartHeight-chartTop-chartBottom)*(1-v/p.most)
}

// bar is a rectangle of a stacked chart.
type bar struct {
	x, y, width, height float64
	tone                Tone
}

func (p plot) bars() (all []bar) {
	for i := range p.moments {
		below := 0.0
		for _, s := range p.series {
			if v := s.Values[i]; v > 0 {
				top := p.y(below + v)
				all = append(all, bar{p.x(i) + p.width()*.12, top, p.width() * .76, p.y(below) - top, s.Tone})
				below += v
			}
		}
	}
	return all
}

// points are a line through the middle of each moment.
func (p plot) points(s Series) string {
	var b strings.Builder
	for i, v := range s.Values {
		b.WriteString(Coordinate(p.x(i) + p.width()/2))
		b.WriteByte(',')
		b.WriteString(Coordinate(p.y(v)))
		b.WriteByte(' ')
	}
	return b.String()
}

// marks are the moments that the axis names.
func (p plot) marks() (at []int) {
	step := max(1, len(p.moments)/6)
	for i := 0; i < len(p.moments); i += step {
		at = append(at, i)
	}
	return at
}

func (p plot) mark(ctx context.Context, i int) string {
	layout := "15:04"
	if len(p.moments) > 1 && p.moments[len(p.moments)-1]-p.moments[0] > 36*60*60*1000 {
		layout = "2 Jan"
	}
	return p.moments[i].Std().In(Zone(ctx)).Format(layout)
}

// Coordinate is a place or a length in a picture, in pixels.
func Coordinate(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// Amount is a number as people read it.
func Amount(v float64) string {
	switch {
	case v >= 10_000_000:
		return strconv.FormatFloat(v/1_000_000, 'f', 0, 64) + " M"
	case v >= 10_000:
		return strconv.FormatFloat(v/1000, 'f', 0, 64) + " k"
	case v >= 1000:
		return strconv.FormatFloat(v/1000, 'f', 1, 64) + " k"
	case v == math.Trunc(v):
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// total is the sum of a series, for the legend.
func (s Series) total() (sum float64) {
	for _, v := range s.Values {
		sum += v
	}
	return sum
}

// Share is a share of 1 as people read it: 100 % is all, and nothing less. Nil is none.
func Share(of *float64) string {
	if of == nil {
		return "–"
	}
	switch percent := *of * 100; {
	case percent == 100:
		return "100 %"
	case percent > 99.9:
		return "99.9 %"
	default:
		return strconv.FormatFloat(percent, 'f', 1, 64) + " %"
	}
}

// Took is a duration in milliseconds as people read it.
func Took(ms float64) string {
	switch {
	case ms >= 10_000:
		return strconv.FormatFloat(ms/1000, 'f', 0, 64) + " s"
	case ms >= 1000:
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + " s"
	case ms >= 10:
		return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
}
