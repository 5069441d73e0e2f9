namespace EdgeBench.Models.Onnx.Writing;

/// <summary>A graph with what the file says about it.</summary>
/// <param name="Metadata">The model's <c>metadata_props</c>.</param>
internal sealed record OnnxModel(OnnxGraph Graph, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>IR version 10 (ONNX 1.16), the first with opset 21.</summary>
    public const int IrVersion = 10;

    /// <summary>Version of ONNX's own operators that the graph uses.</summary>
    public const int Opset = 21;

    /// <summary>Everything of the graph but its initializers.</summary>
    public ProtobufWriter GraphHead()
    {
        ProtobufWriter graph = new();
        foreach (OnnxNode node in Graph.Nodes) graph.Message(1, Node(node));
        graph.Text(2, "model");
        foreach (OnnxValue value in Graph.Inputs) graph.Message(11, Value(value));
        foreach (OnnxValue value in Graph.Outputs) graph.Message(12, Value(value));
        return graph;
    }

    /// <summary>The model's fields that stand before the graph.</summary>
    public ProtobufWriter ModelHead()
    {
        ProtobufWriter model = new ProtobufWriter().Integer(1, IrVersion).Text(2, "EdgeBench")
            .Message(8, new ProtobufWriter().Text(1, "").Integer(2, Opset))
            .Message(8, new ProtobufWriter().Text(1, OnnxGraph.Contrib).Integer(2, 1));
        foreach ((string key, string value) in Metadata) model.Message(14, new ProtobufWriter().Text(1, key).Text(2, value));
        return model;
    }

    private static ProtobufWriter Node(OnnxNode node)
    {
        ProtobufWriter message = new();
        foreach (string input in node.Inputs) message.Text(1, input);
        foreach (string output in node.Outputs) message.Text(2, output);
        message.Text(3, node.Name).Text(4, node.Type);
        foreach (OnnxAttribute attribute in node.Attributes) message.Message(5, Attribute(attribute));
        return node.Domain.Length == 0 ? message : message.Text(7, node.Domain);
    }

    // Numbers of the field and of AttributeProto.AttributeType.
    private static ProtobufWriter Attribute(OnnxAttribute attribute)
    {
        ProtobufWriter message = new ProtobufWriter().Text(1, attribute.Name);
        switch (attribute.Value)
        {
            case float value: return message.Single(2, value).Integer(20, 1);
            case long value: return message.Integer(3, value).Integer(20, 2);
            case string value: return message.Text(4, value).Integer(20, 3);
            case long[] values:
                foreach (long value in values) message.Integer(8, value);
                return message.Integer(20, 7);
            default: throw new ArgumentException($"Attribute {attribute.Name} is a {attribute.Value.GetType().Name}.", nameof(attribute));
        }
    }

    private static ProtobufWriter Value(OnnxValue value)
    {
        ProtobufWriter shape = new();
        foreach (OnnxDimension dimension in value.Shape)
            shape.Message(1, dimension.Name is { } name ? new ProtobufWriter().Text(2, name) : new ProtobufWriter().Integer(1, dimension.Length));
        ProtobufWriter tensor = new ProtobufWriter().Integer(1, (long)value.Type).Message(2, shape);
        return new ProtobufWriter().Text(1, value.Name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
