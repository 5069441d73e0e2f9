using System.Globalization;

namespace EdgeBench.Models.Onnx.Reading;

/// <summary>Reads and checks a TensorProto: dimensions, type, length of the data, place of external data.</summary>
internal sealed class OnnxTensorReader(string path, ExternalFiles files)
{
    private const int LongestName = 1024, MostDimensions = 16, MostEntries = 16;

    // TensorProto: dims 1, data_type 2, typed data 4–7, 10, 11, name 8, raw_data 9, external_data 13, data_location 14.
    public OnnxTensorInfo Read(ProtobufCursor tensor)
    {
        long start = tensor.Position;
        List<long> dimensions = [];
        long type = 0, location = 0, raw = -1, typed = 0;
        string name = "";
        Dictionary<string, string> external = [];
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1: tensor.Integers("a tensor's dimensions", dimensions, MostDimensions); break;
                case 2: type = tensor.Integer("a tensor's data type"); break;
                case 4 or 5 or 6 or 7 or 10 or 11:
                    typed++;
                    tensor.Skip();
                    break;
                case 8: name = tensor.Text("a tensor's name", LongestName); break;
                case 9: raw = tensor.Bytes("a tensor's data").Length; break;
                case 13: Entry(tensor.Message("a tensor's external data"), external); break;
                case 14: location = tensor.Integer("a tensor's data location"); break;
                default: tensor.Skip(); break;
            }
        }
        string quoted = OnnxErrors.Quoted(name);
        if (type is <= 0 or > (long)OnnxDataType.Int2) throw OnnxErrors.At(path, start, $"tensor {quoted} has data type {type}", $"1 to {(long)OnnxDataType.Int2}");
        long elements = Elements(dimensions, quoted, start);
        OnnxDataType element = (OnnxDataType)type;
        if (element == OnnxDataType.String) return location == 0 ? new(name, element, dimensions, 0, null) : throw OnnxErrors.At(path, start, $"tensor {quoted} keeps text in another file", "numbers");
        long bytes = Bytes(element, elements, quoted, start);
        if (location == 0)
        {
            if (raw >= 0 && raw != bytes)
                throw OnnxErrors.At(path, start, $"tensor {quoted} of {Shape(dimensions)} {element} carries {raw} bytes", $"{bytes}");
            if (raw < 0 && typed == 0 && bytes > 0) throw OnnxErrors.At(path, start, $"tensor {quoted} of {Shape(dimensions)} {element} carries no data", $"{bytes} bytes");
            return new(name, element, dimensions, bytes, null);
        }
        if (location != 1) throw OnnxErrors.At(path, start, $"tensor {quoted} has data location {location}", "0 (in this file) or 1 (in another)");
        return new(name, element, dimensions, bytes, files.Check(external, bytes, quoted, start));
    }

    private long Elements(List<long> dimensions, string name, long start)
    {
        long product = 1;
        foreach (long length in dimensions)
        {
            if (length < 0) throw OnnxErrors.At(path, start, $"tensor {name} has the dimension {length}", "dimensions that are not negative");
            if (length != 0 && product > long.MaxValue / 64 / length) throw OnnxErrors.At(path, start, $"the dimensions {Shape(dimensions)} of tensor {name} multiply beyond 64 bits", "a tensor that fits a file");
            product *= length;
        }
        return product;
    }

    private long Bytes(OnnxDataType type, long elements, string name, long start)
    {
        try
        {
            return type.Bytes(elements);
        }
        catch (OverflowException)
        {
            throw OnnxErrors.At(path, start, $"{elements} elements of {type} in tensor {name}", "a tensor that fits a file");
        }
    }

    private void Entry(ProtobufCursor entry, Dictionary<string, string> to)
    {
        string key = "", value = "";
        long start = entry.Position;
        while (entry.Next())
        {
            switch (entry.Field)
            {
                case 1: key = entry.Text("a key of external data", LongestName); break;
                case 2: value = entry.Text("a value of external data", LongestName); break;
                default: entry.Skip(); break;
            }
        }
        if (to.Count == MostEntries || !to.TryAdd(key, value)) throw OnnxErrors.At(path, start, $"external data gives {OnnxErrors.Quoted(key)} twice, or more than {MostEntries} entries", "each key once");
    }

    private static string Shape(List<long> dimensions) => string.Join(" × ", dimensions.Select(length => length.ToString(CultureInfo.InvariantCulture)));
}
