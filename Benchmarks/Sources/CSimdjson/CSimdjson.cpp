#include "CSimdjson.h"

#include <simdjson.h>

struct simdjson_bench {
    simdjson::padded_string text;
    simdjson::dom::parser dom;
    simdjson::ondemand::parser ondemand;
};

simdjson_bench *simdjson_bench_make(const uint8_t *bytes, size_t count) {
    auto bench = new simdjson_bench;
    bench->text = simdjson::padded_string(reinterpret_cast<const char *>(bytes), count);
    return bench;
}

size_t simdjson_bench_dom(simdjson_bench *bench) {
    simdjson::dom::element root;
    if (bench->dom.parse(bench->text).get(root)) return 0;
    size_t found = 1;
    std::string_view method;
    simdjson::dom::element value;
    if (!root["id"].get(value)) found += static_cast<size_t>(value.type());
    if (!root["method"].get(method)) found += method.size();
    if (!root["params"]["name"].get(value)) found += static_cast<size_t>(value.type());
    if (!root["result"].get(value)) found += static_cast<size_t>(value.type());
    return found;
}

size_t simdjson_bench_ondemand(simdjson_bench *bench) {
    simdjson::ondemand::document document;
    if (bench->ondemand.iterate(bench->text).get(document)) return 0;
    simdjson::ondemand::object root;
    if (document.get_object().get(root)) return 0;
    size_t found = 1;
    for (auto field : root) {
        std::string_view key;
        simdjson::ondemand::value value;
        if (field.unescaped_key().get(key) || field.value().get(value)) return 0;
        std::string_view text;
        if (key == "id") {
            std::string_view raw = value.raw_json_token();
            found += raw.size();
        } else if (key == "method") {
            if (!value.get_string().get(text)) found += text.size();
        } else if (key == "params") {
            simdjson::ondemand::object params;
            if (!value.get_object().get(params) && !params["name"].get_string().get(text)) found += text.size();
        } else if (key == "result") {
            found += 1;
        }
    }
    return found;
}

const char *simdjson_bench_implementation(void) {
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}
