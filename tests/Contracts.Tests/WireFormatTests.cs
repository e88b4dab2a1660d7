using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Contracts.Tests;

public sealed class When_json_is_written_canonically
{
    [Fact]
    public void The_order_of_keys_does_not_matter()
    {
        var one = JsonNode.Parse("""{ "b": [ { "y": 1, "x": 2 } ], "a": null }""");
        var other = JsonNode.Parse("""{"a":null,"b":[{"x":2,"y":1}]}""");

        Assert.Equal("""{"a":null,"b":[{"x":2,"y":1}]}""", WireFormat.Canonical(one));
        Assert.Equal(WireFormat.Canonical(one), WireFormat.Canonical(other));
    }

    [Fact]
    public void The_order_of_items_does()
    {
        Assert.NotEqual(WireFormat.Canonical(JsonNode.Parse("[1,2]")), WireFormat.Canonical(JsonNode.Parse("[2,1]")));
    }
}
