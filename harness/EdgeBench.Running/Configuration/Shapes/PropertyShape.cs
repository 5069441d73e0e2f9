using System.Text.Json.Nodes;

namespace EdgeBench.Running.Configuration.Shapes;

/// <summary>One key of a record: what it accepts, whether it must be there, and what it is without it.</summary>
internal sealed record PropertyShape(string Key, ValueShape Value, bool Required, bool Nullable, JsonNode? Default, string? Description)
{
    /// <summary>Whether a list of values is a cross product over this key.</summary>
    public bool Sweeps => Value is not (ListShape or NestedShape);

    public JsonObject Schema(bool sweep)
    {
        JsonObject schema = Value.Schema();
        JsonArray forms = [];
        if (sweep && Sweeps) forms.Add(new JsonObject { ["type"] = "array", ["items"] = schema.DeepClone(), ["minItems"] = 1, ["uniqueItems"] = true });
        if (Nullable) forms.Add(new JsonObject { ["type"] = "null" });
        if (forms.Count > 0)
        {
            forms.Insert(0, schema);
            schema = new JsonObject { ["anyOf"] = forms };
        }
        if (Description is not null) schema["description"] = Description;
        if (Default is not null) schema["default"] = Default.DeepClone();
        return schema;
    }
}
