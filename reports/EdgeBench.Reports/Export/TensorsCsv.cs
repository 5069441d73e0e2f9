using CsvHelper;
using EdgeBench.Core.Artifacts;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Export;

/// <summary><c>tensors.csv</c>: a row for each tensor that a pass changed. Errors are ratios of norms.</summary>
internal static class TensorsCsv
{
    public static void Write(CsvWriter csv, ReportModel model)
    {
        csv.Text("model", "recipe", "pass", "tensor", "type", "weight_error", "output_error", "note");
        csv.EndRecord();
        foreach ((ReportCell cell, PassReadback pass, TensorError tensor) in TensorErrors.All(model))
        {
            csv.Text(cell.Stored.Model, cell.Stored.Recipe, pass.Pass, tensor.Tensor, tensor.Type);
            csv.WriteField(tensor.WeightError);
            if (tensor.OutputError is { } output) csv.WriteField(output);
            else csv.WriteField("");
            csv.WriteField(tensor.Note ?? "");
            csv.EndRecord();
        }
    }
}
