using System.Text;
using CsvHelper;
using EdgeBench.Core.IO;
using EdgeBench.Core.Training;
using EdgeBench.Reports.Plots;

namespace EdgeBench.Reports.Export;

/// <summary>What a training leaves beside its model: <c>curve.csv</c>, and its curves as <c>plots/training-1.png</c> and <c>.svg</c>.</summary>
public static class TrainingReport
{
    /// <summary>Returns the paths of the files.</summary>
    public static IReadOnlyList<string> Write(StoredTraining training, string folder)
    {
        ArgumentNullException.ThrowIfNull(training);
        List<string> written = [CsvExporter.Write(folder, "curve.csv", csv => Rows(csv, training))];
        if (training.Curve.Count < 2) return written;
        Figure figure = TrainingFigure.Create(training);
        foreach ((string extension, byte[] bytes) in new[] { ("png", FigureRenderer.Png(figure)), ("svg", Encoding.UTF8.GetBytes(SvgDocument.File(figure))) })
        {
            string path = Path.Combine(folder, "plots", $"{figure.Name}.{extension}");
            AtomicFile.Write(path, stream => stream.Write(bytes));
            written.Add(path);
        }
        return written;
    }

    // One row for each point and split: the training loss has the group "training".
    private static void Rows(CsvWriter csv, StoredTraining training)
    {
        csv.Text("step", "target_tokens", "step_seconds", "rate", "group", "loss_nats", "targets", "items", "exactly_right");
        csv.EndRecord();
        foreach (CurvePoint point in training.Curve)
        {
            if (point.TrainingLoss is { } loss) Row(csv, point, "training", loss, null, null, null);
            foreach (GroupScore score in point.Validation) Row(csv, point, score.Group, score.Loss, score.Targets, score.Items, score.Items == 0 ? null : score.Right);
        }
    }

    private static void Row(CsvWriter csv, CurvePoint point, string group, double loss, long? targets, int? items, int? right)
    {
        csv.WriteField(point.Step);
        csv.WriteField(point.Tokens);
        csv.WriteField(point.Seconds);
        csv.WriteField(point.Rate);
        csv.Text(group);
        csv.WriteField(loss);
        csv.WriteField(targets);
        csv.WriteField(items);
        csv.WriteField(right);
        csv.EndRecord();
    }
}
