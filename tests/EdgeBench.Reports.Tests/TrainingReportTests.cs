using EdgeBench.Core.Training;
using EdgeBench.Reports.Export;
using EdgeBench.Testing;

namespace EdgeBench.Reports.Tests;

public class TrainingReportTests
{
    private static readonly StoredTraining s_training = new("small", new Dictionary<string, string>(),
    [
        new(0, 0, 0, null, 0, [new("pairs", 4.5, 30, 10, 0), new("text", 5.25, 80, 0, 0)]),
        new(10, 900, 1.5, 3.75, 0.001, []),
        new(20, 1800, 3, 2.5, 0.0005, [new("pairs", 0.375, 30, 10, 4), new("text", 3, 80, 0, 0)]),
    ]);

    [Fact]
    public void Every_point_and_score_is_a_row()
    {
        using TemporaryFolder folder = new();
        TrainingReport.Write(s_training, folder.Path);
        Assert.Equal(
        [
            "step,target_tokens,step_seconds,rate,group,loss_nats,targets,items,exactly_right",
            "0,0,0,0,pairs,4.5,30,10,0",
            "0,0,0,0,text,5.25,80,0,",
            "10,900,1.5,0.001,training,3.75,,,",
            "20,1800,3,0.0005,training,2.5,,,",
            "20,1800,3,0.0005,pairs,0.375,30,10,4",
            "20,1800,3,0.0005,text,3,80,0,",
        ], File.ReadAllLines(folder.File("curve.csv")));
    }

    [Fact]
    public void Curves_are_drawn_with_their_scales()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(["curve.csv", "training-1.png", "training-1.svg"], TrainingReport.Write(s_training, folder.Path).Select(path => Path.GetFileName(path)));
        string svg = File.ReadAllText(folder.File("plots/training-1.svg"));
        Assert.Contains("pairs (validation)", svg);
        Assert.Contains("exactly right", svg);
        // Of the logarithmic scale.
        Assert.Matches(@">\s*0\.5\s*<", svg);
    }

    [Fact]
    public void A_training_that_has_hardly_begun_has_no_curve()
    {
        using TemporaryFolder folder = new();
        Assert.Single(TrainingReport.Write(s_training with { Curve = [s_training.Curve[0]] }, folder.Path));
    }
}
