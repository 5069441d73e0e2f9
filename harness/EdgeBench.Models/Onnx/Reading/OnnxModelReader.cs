namespace EdgeBench.Models.Onnx.Reading;

/// <summary>Reads ModelProto and what it holds, down to a fixed depth and up to fixed counts.</summary>
internal sealed class OnnxModelReader(string path)
{
    /// <summary>Graphs within attributes of graphs.</summary>
    private const int DeepestGraph = 8;

    private const int DeepestType = 8;

    // Together these bound what a header takes in memory to about 200 MB, whatever the file says.
    private const int LongestName = 1024, LongestValue = 128 << 10;

    private const int MostNodes = 1_000_000, MostTensors = 50_000, MostValues = 4096, MostEntries = 256, MostOperators = 2048;

    private readonly ExternalFiles _files = new(path);
    private int _nodes, _tensors;

    public OnnxHeader Read(ReadOnlySpan<byte> bytes)
    {
        OnnxHeader header = new(path, bytes.Length);
        ProtobufCursor model = new(bytes, 0, path);
        bool graph = false;
        while (model.Next())
        {
            switch (model.Field)
            {
                case 1: header.IrVersion = model.Integer("the IR version"); break;
                case 2: header.Producer = model.Text("the producer's name", LongestName); break;
                case 7:
                    if (graph) throw OnnxErrors.At(path, model.Position, "a second graph", "one graph");
                    graph = true;
                    Graph(model.Message("the graph"), header, 0);
                    break;
                case 8: Opset(model.Message("an operator set"), header); break;
                case 14: Entry(model.Message("a metadata entry"), header); break;
                case 25: Function(model.Message("a function"), header); break;
                default: model.Skip(); break;
            }
        }
        if (header.IrVersion is < 3 or > 100) throw OnnxErrors.At(path, 0, $"IR version {header.IrVersion}", "an ONNX model, whose first field is an IR version from 3 on", "Give an ONNX file.");
        if (!graph || header.Opsets.Count == 0) throw OnnxErrors.At(path, 0, "no graph or no operator set", "an ONNX model with both");
        header.ExternalFiles = _files.Lengths;
        return header;
    }

    // GraphProto: node 1, initializer 5, input 11, output 12, sparse_initializer 15.
    private void Graph(ProtobufCursor graph, OnnxHeader header, int depth)
    {
        if (depth > DeepestGraph) throw OnnxErrors.At(path, graph.Position, $"graphs nested deeper than {DeepestGraph}", "flatter graphs");
        OnnxTensorReader reader = new(path, _files);
        List<OnnxValueInfo> inputs = [], outputs = [];
        List<OnnxTensorInfo> tensors = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1: Node(graph.Message("a node"), header, depth); break;
                case 5:
                    long place = graph.Position;
                    OnnxTensorInfo tensor = reader.Read(graph.Message("a tensor"));
                    if (++_tensors > MostTensors) throw OnnxErrors.At(path, place, $"more than {MostTensors} tensors", "fewer");
                    if (!names.Add(tensor.Name)) throw OnnxErrors.At(path, place, $"two tensors are called {OnnxErrors.Quoted(tensor.Name)}", "each name once");
                    tensors.Add(tensor);
                    break;
                case 11: Value(graph.Message("an input"), inputs); break;
                case 12: Value(graph.Message("an output"), outputs); break;
                case 15: throw OnnxErrors.At(path, graph.Position, "a sparse tensor", "dense tensors", "Export the model without sparse tensors.");
                default: graph.Skip(); break;
            }
        }
        if (depth > 0) return;
        header.Inputs = [.. inputs.Where(input => !names.Contains(input.Name))];
        header.Outputs = outputs;
        header.Tensors = tensors;
    }

    // NodeProto: op_type 4, attribute 5.
    private void Node(ProtobufCursor node, OnnxHeader header, int depth)
    {
        if (++_nodes > MostNodes) throw OnnxErrors.At(path, node.Position, $"more than {MostNodes} nodes", "fewer");
        while (node.Next())
        {
            switch (node.Field)
            {
                case 4:
                    string type = node.Text("an operator's name", LongestName);
                    if (header.Operators.Count == MostOperators && !header.Operators.ContainsKey(type)) throw OnnxErrors.At(path, node.Position, $"more than {MostOperators} kinds of operators", "fewer");
                    header.Operators[type] = header.Operators.GetValueOrDefault(type) + 1;
                    break;
                case 5: Attribute(node.Message("an attribute"), header, depth); break;
                default: node.Skip(); break;
            }
        }
    }

    // AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23.
    private void Attribute(ProtobufCursor attribute, OnnxHeader header, int depth)
    {
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 5 or 10: new OnnxTensorReader(path, _files).Read(attribute.Message("an attribute's tensor")); break;
                case 6 or 11: Graph(attribute.Message("an attribute's graph"), header, depth + 1); break;
                case 22 or 23: throw OnnxErrors.At(path, attribute.Position, "a sparse tensor", "dense tensors", "Export the model without sparse tensors.");
                default: attribute.Skip(); break;
            }
        }
    }

    // FunctionProto: node 7, attribute_proto 11.
    private void Function(ProtobufCursor function, OnnxHeader header)
    {
        while (function.Next())
        {
            switch (function.Field)
            {
                case 7: Node(function.Message("a function's node"), header, 0); break;
                case 11: Attribute(function.Message("a function's attribute"), header, 0); break;
                default: function.Skip(); break;
            }
        }
    }

    private void Value(ProtobufCursor value, List<OnnxValueInfo> to)
    {
        string name = "";
        OnnxDataType type = OnnxDataType.Undefined;
        List<long>? shape = null;
        long start = value.Position;
        while (value.Next())
        {
            switch (value.Field)
            {
                case 1: name = value.Text("a value's name", LongestName); break;
                case 2: Type(value.Message("a value's type"), ref type, ref shape, 0); break;
                default: value.Skip(); break;
            }
        }
        if (to.Count == MostValues) throw OnnxErrors.At(path, start, $"more than {MostValues} inputs or outputs", "fewer");
        if (to.Exists(known => known.Name == name)) throw OnnxErrors.At(path, start, $"two inputs or outputs are called {OnnxErrors.Quoted(name)}", "each name once");
        to.Add(new(name, type, shape));
    }

    // TypeProto: tensor_type 1, sequence_type 4, map_type 5, optional_type 9; what these hold is a type again, in field 1 or 2.
    private void Type(ProtobufCursor proto, ref OnnxDataType type, ref List<long>? shape, int depth)
    {
        if (depth > DeepestType) throw OnnxErrors.At(path, proto.Position, $"types nested deeper than {DeepestType}", "plain tensors");
        while (proto.Next())
        {
            if (proto.Field == 1) Tensor(proto.Message("a tensor's type"), ref type, ref shape);
            else if (proto.Field is 4 or 5 or 9) Inner(proto.Message("a type"), depth);
            else proto.Skip();
        }
    }

    private void Inner(ProtobufCursor inner, int depth)
    {
        OnnxDataType type = OnnxDataType.Undefined;
        List<long>? shape = null;
        while (inner.Next())
        {
            if (inner.Field is 1 or 2 && inner.IsMessage) Type(inner.Message("a type"), ref type, ref shape, depth + 1);
            else inner.Skip();
        }
    }

    private void Tensor(ProtobufCursor tensor, ref OnnxDataType type, ref List<long>? shape)
    {
        while (tensor.Next())
        {
            if (tensor.Field == 1) type = (OnnxDataType)Math.Clamp(tensor.Integer("an element type"), 0, int.MaxValue);
            else if (tensor.Field == 2) shape = Shape(tensor.Message("a shape"));
            else tensor.Skip();
        }
    }

    private List<long> Shape(ProtobufCursor shape)
    {
        List<long> lengths = [];
        while (shape.Next())
        {
            if (shape.Field != 1)
            {
                shape.Skip();
                continue;
            }
            if (lengths.Count == 64) throw OnnxErrors.At(path, shape.Position, "more than 64 dimensions", "fewer");
            long length = -1;
            ProtobufCursor dimension = shape.Message("a dimension");
            while (dimension.Next())
            {
                if (dimension.Field != 1) dimension.Skip();
                else if ((length = dimension.Integer("a dimension")) < 0) throw OnnxErrors.At(path, dimension.Position, $"the dimension {length}", "dimensions that are not negative");
            }
            lengths.Add(length);
        }
        return lengths;
    }

    private void Opset(ProtobufCursor opset, OnnxHeader header)
    {
        string domain = "";
        long version = 0;
        while (opset.Next())
        {
            if (opset.Field == 1) domain = opset.Text("a domain", LongestName);
            else if (opset.Field == 2) version = opset.Integer("an operator set's version");
            else opset.Skip();
        }
        if (header.Opsets.Count == MostEntries) throw OnnxErrors.At(path, opset.Position, $"more than {MostEntries} operator sets", "fewer");
        header.Opsets[domain] = version;
    }

    private void Entry(ProtobufCursor entry, OnnxHeader header)
    {
        string key = "", value = "";
        while (entry.Next())
        {
            if (entry.Field == 1) key = entry.Text("a metadata key", LongestName);
            else if (entry.Field == 2) value = entry.Text("a metadata value", LongestValue);
            else entry.Skip();
        }
        if (header.Metadata.Count == MostEntries) throw OnnxErrors.At(path, entry.Position, $"more than {MostEntries} metadata entries", "fewer");
        if (!header.Metadata.TryAdd(key, value)) throw OnnxErrors.At(path, entry.Position, $"metadata key {OnnxErrors.Quoted(key)} occurs twice", "each key once");
    }
}
