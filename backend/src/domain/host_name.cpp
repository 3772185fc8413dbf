#include "domain/host_name.hpp"

#include <algorithm>
#include <array>

namespace cruddur {
namespace {

// Top level domains as in IANA's root zone: the common generic ones, and the country codes.
constexpr std::string_view generic =
    " academy agency art biz blog chat cloud club com coop design dev digital edu email events "
    "games "
    "gov guide int jobs law mil museum music network net news online org photos shop site social "
    "space store studio tech travel website wiki xyz app info live name pro world zone ";
constexpr std::string_view countries =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs "
    "bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee "
    "eg "
    "er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn "
    "hr "
    "ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li "
    "lk "
    "lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne "
    "nf "
    "ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb "
    "sc "
    "sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr "
    "tt "
    "tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";
constexpr std::string_view ambiguous =
    " ac ad ag ai al am app as at ba be bi bo by bz cc cd cf co do ec et fm ga gg go id in info im "
    "io is it la li live ls ma md me mk ml mm ms mu my name na ne news no om pa pe pm pl pro ps py "
    "re rs sc sh si so st tc tf tm to tt us vi wiki world ws zone ";
// As sites they are written far more often than as anything else.
constexpr std::string_view sites = " ai co fm gg io ";

bool holds(std::string_view list, std::string_view word) {
  for (std::size_t i = list.find(word); i != std::string_view::npos; i = list.find(word, i + 1)) {
    if (list[i - 1] == ' ' && list[i + word.size()] == ' ') return true;
  }
  return false;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-';
}

}  // namespace

bool is_web_host(std::string_view name, bool has_path) {
  std::size_t labels = 1;
  std::string_view rest = name;
  for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
    if (!is_label(rest.substr(0, dot))) return false;
    rest.remove_prefix(dot + 1);
    ++labels;
  }
  constexpr std::size_t longest_name = 253;
  if (labels < 2 || !is_label(rest) || name.size() > longest_name) return false;
  if (!std::ranges::all_of(rest, [](char c) { return c >= 'a' && c <= 'z'; })) return false;
  if (!holds(generic, rest) && !holds(countries, rest)) return false;
  return has_path || labels > 2 || !holds(ambiguous, rest) || holds(sites, rest);
}

}  // namespace cruddur
