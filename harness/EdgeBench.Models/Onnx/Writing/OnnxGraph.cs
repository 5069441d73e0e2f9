namespace EdgeBench.Models.Onnx.Writing;

/// <summary>A graph under construction. Names of values are unique; nodes are added in an order in which they can run.</summary>
internal sealed class OnnxGraph
{
    /// <summary>Domain of ONNX Runtime's own operators (its docs/ContribOperators.md).</summary>
    public const string Contrib = "com.microsoft";

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _initializers = [];
    private readonly List<OnnxValue> _inputs = [];
    private readonly List<OnnxValue> _outputs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    public IReadOnlyList<OnnxTensor> Initializers => _initializers;

    public IReadOnlyList<OnnxValue> Inputs => _inputs;

    public IReadOnlyList<OnnxValue> Outputs => _outputs;

    public string Input(string name, OnnxDataType type, params OnnxDimension[] shape)
    {
        Claim(name);
        _inputs.Add(new(name, type, shape));
        return name;
    }

    public void Output(string name, OnnxDataType type, params OnnxDimension[] shape) => _outputs.Add(new(name, type, shape));

    /// <summary>Adds a tensor unless one of that name is there already, and answers its name.</summary>
    public string Initializer(OnnxTensor tensor)
    {
        if (_initializers.Exists(known => known.Name == tensor.Name)) return tensor.Name;
        Claim(tensor.Name);
        _initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output, named like the node.</summary>
    public string Node(string type, string name, IReadOnlyList<string> inputs, string domain = "", params OnnxAttribute[] attributes) =>
        Node(type, name, inputs, [name], domain, attributes)[0];

    /// <summary>Adds a node; an empty name leaves an optional input or output out.</summary>
    public IReadOnlyList<string> Node(string type, string name, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, string domain = "", params OnnxAttribute[] attributes)
    {
        foreach (string output in outputs.Where(output => output.Length > 0)) Claim(output);
        foreach (string input in inputs)
        {
            if (input.Length > 0 && !_names.Contains(input)) throw new InvalidOperationException($"Node {name} reads '{input}', which nothing gives.");
        }
        _nodes.Add(new(type, name, domain, inputs, outputs, attributes));
        return outputs;
    }

    private void Claim(string name)
    {
        if (!_names.Add(name)) throw new InvalidOperationException($"The name '{name}' is given twice.");
    }
}

/// <summary>An operator with its inputs and outputs.</summary>
internal sealed record OnnxNode(
    string Type, string Name, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<OnnxAttribute> Attributes);

/// <summary>An input or output of the graph.</summary>
internal sealed record OnnxValue(string Name, OnnxDataType Type, IReadOnlyList<OnnxDimension> Shape);

/// <summary>A dimension: a number, or a name for one that differs from run to run.</summary>
internal readonly record struct OnnxDimension(long Length, string? Name)
{
    public static implicit operator OnnxDimension(long length) => new(length, null);

    public static implicit operator OnnxDimension(string name) => new(0, name);
}

/// <summary>An attribute: <see cref="Value"/> is a <see cref="long"/>, a <see cref="float"/>, a <see cref="string"/> or a <see cref="long"/> array.</summary>
internal sealed record OnnxAttribute(string Name, object Value)
{
    public static OnnxAttribute Of(string name, long value) => new(name, value);

    public static OnnxAttribute Of(string name, float value) => new(name, value);

    public static OnnxAttribute Of(string name, string value) => new(name, value);

    public static OnnxAttribute Of(string name, params long[] values) => new(name, values);
}
