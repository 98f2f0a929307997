package api

import "parley"

func (a *API) pipelines() {
	const plural = "pipelines"
	resource[parley.Pipeline, parley.PipelineEvent, parley.PipelineID](a, plural, a.Sales.Pipelines)
	list[parley.Pipeline, everything](a, plural, "", a.Sales.Pipelines.List)
}
