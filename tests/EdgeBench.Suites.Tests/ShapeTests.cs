using System.Text.Json;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Trials;
using EdgeBench.Core.Workloads;
using EdgeBench.Suites.Inference;

namespace EdgeBench.Suites.Tests;

public class ShapeTests
{
    [Fact]
    public void A_single_stream_test_is_its_three_lengths() =>
        Assert.Equal(new WorkloadShape(512, 16, 1024), WorkloadRegistry.Find("single-stream").Shape(Json("""{ "prompt": 512, "generate": 16, "depth": 1024 }""")));

    [Fact]
    public void An_inference_has_no_lengths_and_one_test()
    {
        IWorkload inference = WorkloadRegistry.Find("inference");
        WorkloadTest test = Assert.Single(inference.Tests(Json("{}")));
        Assert.Equal("inference", test.Test);
        Assert.True(inference.Shape(test.Parameters)!.IsInference);
        Assert.False(inference.IsQuality);
    }

    [Fact]
    public void A_quality_task_has_no_shape() => Assert.Null(WorkloadRegistry.Find("perplexity").Shape(Json("""{ "data": "text" }""")));

    [Fact]
    public void No_session_can_run_an_inference() =>
        Assert.Equal(FailureKind.Unsupported, Assert.Throws<TrialException>(() => new InferenceWorkload().Run(null!)).Failure.Kind);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();
}
