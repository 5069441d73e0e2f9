using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;
using EdgeBench.Models.Onnx.Writing;

namespace EdgeBench.Models.Onnx.Export;

/// <summary>
/// Puts a GGUF file's weights into a graph, each in the form that its type has in ONNX Runtime, and keeps the account. A matrix is <c>y = x Wᵀ</c> with
/// GGUF's rows as outputs.
/// </summary>
internal sealed class WeightGraph
{
    private readonly GgufFile _file;
    private readonly IWeightForm[] _forms;
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    public WeightGraph(GgufFile file, OnnxGraph graph, OnnxExportOptions options)
    {
        (_file, Graph) = (file, graph);
        _forms = [new FloatForm(graph), new BlockWeightForm(graph, options.AccuracyLevel), new Int8Form(graph, file)];
    }

    public OnnxGraph Graph { get; }

    public List<OnnxTensorReport> Reports { get; } = [];

    /// <summary>Elements of the tensors that were used.</summary>
    public long Parameters { get; private set; }

    public bool Has(string name) => _file.Find(name) is not null;

    /// <summary>Whether these matrices can be one: all there, of one type and width, with a bias each or none.</summary>
    public bool CanJoin(params IReadOnlyList<string> names)
    {
        List<GgufTensor> parts = [.. names.Select(_file.Find).OfType<GgufTensor>()];
        return parts.Count == names.Count && WeightRows.CanJoin(parts) && names.Select(name => Has(Bias(name))).Distinct().Count() == 1
            && names.Select(Int8Form.InputScale).Select(name => ScalarText(name)).Distinct().Count() == 1;
    }

    /// <summary>x Wᵀ + b, where the file has a bias: <c>[1, n, in]</c> to <c>[1, n, out]</c>, the outputs of several matrices one after the other.</summary>
    /// <param name="name">Of the node.</param>
    public string Linear(string name, string input, params IReadOnlyList<string> weights)
    {
        WeightRows rows = new(_file, [.. weights.Select(Required)]);
        string product = Form(rows).Linear(name, input, rows, Report(rows));
        if (!Has(Bias(weights[0]))) return product;
        List<float[]> parts = [.. weights.Select(weight => Values(Bias(weight)))];
        string bias = Graph.Initializer(OnnxTensor.Of(Bias(rows.Name), [parts.Sum(part => part.Length)], [.. parts.SelectMany(part => part)]));
        return Graph.Node("Add", $"{name}/bias", [product, bias]);
    }

    /// <summary>Rows of a table by <paramref name="ids"/>: <c>[…, n]</c> to <c>[…, n, columns]</c>.</summary>
    public string Embedding(string name, string ids, string table)
    {
        WeightRows rows = new(_file, Required(table));
        return Form(rows).Embedding(name, ids, rows, Report(rows));
    }

    /// <summary>A vector as a float32 initializer, its values changed by <paramref name="change"/>.</summary>
    public string Vector(string tensor, Func<float, float>? change = null)
    {
        float[] values = Values(tensor);
        if (change is not null) values = [.. values.Select(change)];
        return Graph.Initializer(OnnxTensor.Of(tensor, [values.Length], values));
    }

    /// <summary>All elements of a tensor as float32, counted as exported.</summary>
    public float[] Values(string name)
    {
        GgufTensor tensor = Required(name);
        float[] values = new float[checked((int)tensor.Elements)];
        _file.Dequantise(tensor, 0, values);
        Add(tensor, "float32", values.Length * 4L, 0);
        return values;
    }

    private static string Bias(string weight) => $"{weight[..weight.LastIndexOf('.')]}.bias";

    private string? ScalarText(string name) => _file.Find(name) is { Elements: 1 } scale ? Convert.ToHexString(_file.Data(scale)) : null;

    private Action<string, long, double> Report(WeightRows rows) => (form, bytes, deviation) =>
    {
        for (int i = 0; i < rows.Parts.Count; i++)
        {
            long share = bytes * rows.Parts[i].Rows / rows.Rows;
            Add(rows.Parts[i], rows.Parts.Count == 1 ? form : $"{form}, {rows.Kinds} joined", share, deviation);
        }
    };

    // A tied embedding comes twice: as a table and as the head.
    private void Add(GgufTensor tensor, string form, long bytes, double deviation)
    {
        if (_reported.Add(tensor.Name)) Parameters += tensor.Elements;
        Reports.Add(new(tensor.Name, tensor.Type.Info().Name, form, bytes, deviation));
    }

    private GgufTensor Required(string name) => _file.Find(name)
        ?? throw EdgeBenchException.BadInput($"no tensor '{name}'", "every tensor of the architecture", "Fetch or convert the file again.", _file.Path);

    private IWeightForm Form(WeightRows rows) => Array.Find(_forms, form => form.Takes(rows.Type))
        ?? throw EdgeBenchException.BadInput($"tensor '{rows.Parts[0].Name}' of type {rows.TypeName}",
            $"one of {string.Join(", ", GgmlTypes.All.Where(info => Array.Exists(_forms, form => form.Takes(info.Type))).Select(info => info.Name))}",
            "Export from a file of one of these types.", _file.Path);
}

/// <summary>How weights of some types are stored and multiplied in ONNX.</summary>
internal interface IWeightForm
{
    bool Takes(GgmlType type);

    /// <param name="report">Takes the form in words, the bytes it adds to the model, and the largest change of a weight.</param>
    string Linear(string name, string input, WeightRows rows, Action<string, long, double> report);

    string Embedding(string name, string ids, WeightRows rows, Action<string, long, double> report);
}
